import type { FactSource } from '@storepulse/contracts';
import { ExporterError } from '../errors.ts';
import type { MetricStore } from '../store/store.ts';
import { type CustomerHistory, joinHistories } from './customer-histories.ts';
import { gatherAttempts, type PaidOrderFact } from './paid-orders.ts';
import type { ProductFact } from './rows.ts';

/** Facts that are read at once, and kept, of one shop and kind. */
const MAX_FACTS = 2_000_000;
/** Facts that are kept in memory over all shops and kinds. */
const MAX_KEPT = 2 * MAX_FACTS;
/** A snapshot is used for so many times as long as its reading took: a twentieth of the time is spent on reading. */
const USE_PER_READING = 20;
/** No snapshot of changed facts is used for longer. */
const LONGEST_USE_MS = 5 * 60_000;

/** The facts of each kind, in the form that metrics are computed from. */
export interface FactContents {
  readonly customers: readonly CustomerHistory[];
  readonly paid_orders: readonly PaidOrderFact[];
  readonly products: readonly ProductFact[];
}

/** All facts of one kind and shop at one moment. */
export interface Snapshot<Source extends FactSource = FactSource> {
  readonly content: FactContents[Source];
  /** Documents that were read. */
  readonly documents: number;
  /** When reading began, epoch ms. */
  readonly readAt: number;
  /** How long reading took. */
  readonly readMs: number;
}

/** A snapshot with how far it reaches. */
export interface DatedSnapshot<Source extends FactSource> extends Snapshot<Source> {
  /** All facts before it (event time, epoch ms) are in it, but for late ones. */
  readonly until: number;
}

/** Snapshots of facts, each read once for all queries that need it. */
export interface Snapshots {
  /**
   * The facts as they are, or were a moment ago: a snapshot is read again once the facts may have changed and
   * reading it would not take more than a twentieth of the time.
   * @param version changes whenever facts may have changed
   * @param until everything before it has been counted now, epoch ms. @default 0: not known
   * @throws {ExporterError} `too_many_facts`, or when the store fails
   */
  get<Source extends FactSource>(
    shop: string,
    source: Source,
    version: string,
    until?: number,
  ): Promise<DatedSnapshot<Source>>;
}

interface Entry {
  readonly version: string;
  /** How far counting had come when it was read. */
  readonly until: number;
  readonly snapshot: Promise<Snapshot>;
  /** Undefined while it is read. */
  done?: Snapshot;
}

/**
 * Keeps snapshots of a store's facts.
 * @param limit facts that are read at once @default MAX_FACTS
 */
export function createSnapshots(
  store: Pick<MetricStore, 'orders' | 'edits' | 'refunds' | 'payments' | 'products'>,
  now: () => number,
  limit = MAX_FACTS,
): Snapshots {
  /** In order of use. */
  const entries = new Map<string, Entry>();

  const isFresh = ({ version, done }: Entry, wanted: string): boolean => {
    if (!done || version === wanted) return true;
    return now() - done.readAt < Math.min(LONGEST_USE_MS, USE_PER_READING * done.readMs);
  };
  const forget = () => {
    let kept = 0;
    for (const [key, { done }] of [...entries].reverse()) {
      kept += done?.documents ?? 0;
      if (kept > MAX_KEPT) entries.delete(key);
    }
  };
  const begin = (key: string, version: string, until: number, read: () => Promise<Snapshot>): Entry => {
    const snapshot = read();
    const entry: Entry = { version, until, snapshot };
    snapshot.then(
      (done) => {
        entry.done = done;
        forget();
      },
      () => {
        if (entries.get(key) === entry) entries.delete(key);
      },
    );
    return entry;
  };

  return {
    get: async <Source extends FactSource>(shop: string, source: Source, version: string, until: number) => {
      const key = `${source}|${shop}`;
      const known = entries.get(key);
      const entry =
        known && isFresh(known, version)
          ? known
          : begin(key, version, until, () => readSnapshot(store, shop, source, { now, limit }));
      entries.delete(key);
      entries.set(key, entry);
      const snapshot = (await entry.snapshot) as Snapshot<Source>;
      // Of facts that have not changed it tells what it told, and time goes on.
      return { ...snapshot, until: entry.version === version ? until : entry.until };
    },
  };
}

async function readSnapshot(
  store: Parameters<typeof createSnapshots>[0],
  shop: string,
  source: FactSource,
  { now, limit }: { now: () => number; limit: number },
): Promise<Snapshot> {
  const readAt = now();
  const began = performance.now();
  let documents = 0;
  const counted = async function* <T>(facts: AsyncIterable<T>) {
    for await (const fact of facts) {
      documents++;
      if (documents > limit) throw tooManyFacts(shop, limit);
      yield fact;
    }
  };
  const reading = {
    customers: () =>
      joinHistories(counted(store.orders(shop)), counted(store.edits(shop)), counted(store.refunds(shop))),
    paid_orders: () => gatherAttempts(counted(store.payments(shop))),
    products: () => counted(store.products(shop)),
  }[source]();
  const content: unknown[] = [];
  for await (const row of reading) content.push(row);
  return {
    content: content as unknown as Snapshot['content'],
    documents,
    readAt,
    readMs: performance.now() - began,
  };
}

const tooManyFacts = (shop: string, limit: number) =>
  new ExporterError(
    'too_many_facts',
    `${shop} has more than ${limit} orders, refunds or payments, more than can be gone over for one answer: ` +
      'metrics over facts are not available for it',
  );
