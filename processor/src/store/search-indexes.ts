import { type RecordKind, SEARCH_COLLATION, SEARCHED } from '@storepulse/contracts';
import type { IndexDescription } from 'mongodb';

/** The indexes by which the exporter's search finds a kind of record: by the begins of fields, and by words in them. */
export function searchIndexes(kind: RecordKind): IndexDescription[] {
  const { begins, words } = SEARCHED[kind];
  const byBegin = begins.map((field) => ({
    key: { shop: 1, [field]: 1 },
    name: `begin_of_${field}`,
    collation: SEARCH_COLLATION,
  }));
  if (words.length === 0) return byBegin;
  const fields = Object.fromEntries(words.map((field) => [field, 'text' as const]));
  // Shops have any language: words are taken as they are, and none is left out.
  const byWord = { key: { shop: 1 as const, ...fields }, name: 'words', default_language: 'none' };
  return [...byBegin, byWord];
}
