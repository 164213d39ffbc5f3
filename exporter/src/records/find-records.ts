import { MATCHES, type Match, RECORD_KINDS, type RecordKind } from '@storepulse/contracts';
import { BSON } from 'mongodb';
import type { MetricStore } from '../store/store.ts';
import type { Allowance } from '../work/allowance.ts';

/** A record that was found. */
export interface Found {
  readonly kind: RecordKind;
  readonly match: Match;
  /** As it is stored, in BSON. */
  readonly document: Buffer;
}

/** What is looked for. */
export interface Search {
  readonly shop: string;
  readonly text: string;
  readonly kinds: readonly RecordKind[];
  /** Records of each kind. */
  readonly limit: number;
}

/** Words that are looked for at most. */
const MOST_WORDS = 8;
/** Longest that looking for one kind may take on the server, ms. */
const SEARCH_MS = 2_000;

/**
 * Finds records: those whose id begins with the text first, then those of which a field does, then those that have all its
 * words. Each is told once, by the best of its matches.
 */
export async function findRecords(
  store: Pick<MetricStore, 'search'>,
  { shop, text, kinds, limit }: Search,
  allowance: Allowance,
): Promise<Found[]> {
  const wanted = text.trim();
  const words = wordsOf(wanted);
  const options = { signal: allowance.signal, timeoutMs: Math.min(SEARCH_MS, allowance.leftMs()) };
  const found = await Promise.all(
    RECORD_KINDS.filter((kind) => kinds.includes(kind)).map(async (kind) => {
      const matches = await store.search({ kind, shop, text: wanted, words, limit }, options);
      const each = MATCHES.flatMap((match) => matches[match].map((document) => ({ kind, match, document })));
      const first = Map.groupBy(each, ({ document }) => BSON.deserialize(document)._id as string);
      return [...first.values()].map(([best]) => best!).slice(0, limit);
    }),
  );
  return MATCHES.flatMap((match) => found.flat().filter((each) => each.match === match));
}

/** The words of a text: letters and digits, as a text index splits them. */
export function wordsOf(text: string): string[] {
  return [...new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])].slice(0, MOST_WORDS);
}
