import { setImmediate } from 'node:timers/promises';
import type { FactSource } from '@storepulse/contracts';
import { ExporterError } from '../errors.ts';
import type { FactReads } from '../store/store.ts';
import { orAborted } from '../work/allowance.ts';
import { type CustomerHistory, joinHistories } from './customer-histories.ts';
import { type KeptGoodsFact, keepGoods } from './kept-goods.ts';
import { gatherAttempts, type PaidOrderFact } from './paid-orders.ts';
import type { ProductFact } from './rows.ts';

/** Facts that are read at once, and kept, of one shop and kind. */
const MAX_FACTS = 2_000_000;
/** Memory that a fact takes while it is kept, after `bench/facts`. */
const FACT_BYTES = 100;
/** Rows that are made between two turns of the event loop. */
const ROWS_PER_TURN = 200;
/** A snapshot is used for so many times as long as its reading took: a twentieth of the time is spent on reading. */
const USE_PER_READING = 20;
/** No snapshot of changed facts is used for longer. */
const LONGEST_USE_MS = 5 * 60_000;

/** A kind of fact that is read from the store; what a shop aims at is in its record, which every query has. */
export type KeptSource = Exclude<FactSource, 'aims'>;

/** The facts of each kind, in the form that metrics are computed from. */
export interface FactContents {
  /** Net sales aimed at on a day of the shop, in minor units; empty: it aims at none. */
  readonly aims: readonly number[];
  readonly customers: readonly CustomerHistory[];
  readonly kept_goods: readonly KeptGoodsFact[];
  readonly paid_orders: readonly PaidOrderFact[];
  readonly products: readonly ProductFact[];
}

/** All facts of one kind and shop at one moment. */
export interface Snapshot<Source extends KeptSource = KeptSource> {
  readonly content: FactContents[Source];
  /** Documents that were read. */
  readonly documents: number;
  /** When reading began, epoch ms. */
  readonly readAt: number;
  /** How long reading took. */
  readonly readMs: number;
}

/** A snapshot with how far it reaches. */
export interface DatedSnapshot<Source extends KeptSource> extends Snapshot<Source> {
  /** All facts before it (event time, epoch ms) are in it, but for late ones. */
  readonly until: number;
}

/** Snapshots of facts, each read once for all queries that need it. */
export interface Snapshots {
  /**
   * The facts as they are, or were a moment ago: a snapshot is read again once the facts may have changed and
   * reading it would not take more than a twentieth of the time.
   * @param version changes whenever facts may have changed
   * @param until everything before it has been counted now, epoch ms
   * @param signal aborted when nobody waits for the answer any more: reading ends with the last who waits for it
   * @throws {ExporterError} `too_many_facts`, or when the store fails; why the signal is aborted
   */
  get<Source extends KeptSource>(
    shop: string,
    source: Source,
    version: string,
    until: number,
    signal: AbortSignal,
  ): Promise<DatedSnapshot<Source>>;
  /** Whether an answer need not wait for reading. */
  isKept(shop: string, source: KeptSource, version: string): boolean;
  /** Memory that is kept, bytes. */
  bytes(): number;
}

interface Entry {
  readonly version: string;
  /** How far counting had come when it was read. */
  readonly until: number;
  readonly snapshot: Promise<Snapshot>;
  /** Undefined while it is read. */
  done?: Snapshot;
  /** How many wait for it. */
  waiting: number;
  /** Ends the reading. */
  readonly reading: AbortController;
}

/**
 * Keeps snapshots of a store's facts.
 * @param maxBytes memory that they may take in between
 * @param limit facts that are read at once @default MAX_FACTS
 */
export function createSnapshots(
  store: FactReads,
  now: () => number,
  maxBytes: number,
  limit = MAX_FACTS,
): Snapshots {
  /** In order of use. */
  const entries = new Map<string, Entry>();

  const isFresh = ({ version, done }: Entry, wanted: string): boolean => {
    if (!done || version === wanted) return true;
    return now() - done.readAt < Math.min(LONGEST_USE_MS, USE_PER_READING * done.readMs);
  };
  const bytesOf = ({ done }: Entry): number => (done?.documents ?? 0) * FACT_BYTES;
  const forget = () => {
    let kept = 0;
    for (const [key, entry] of [...entries].reverse()) {
      kept += bytesOf(entry);
      if (kept > maxBytes) entries.delete(key);
    }
  };
  const begin = (key: string, version: string, until: number, shop: string, source: KeptSource): Entry => {
    const reading = new AbortController();
    const snapshot = readSnapshot(store, shop, source, { now, limit, signal: reading.signal });
    const entry: Entry = { version, until, snapshot, waiting: 0, reading };
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
  /** Waits for a snapshot, for as long as anybody waits for the answer. */
  const waitFor = async (key: string, entry: Entry, signal: AbortSignal): Promise<Snapshot> => {
    entry.waiting++;
    try {
      return await orAborted(entry.snapshot, signal);
    } finally {
      entry.waiting--;
      if (entry.waiting === 0 && !entry.done) {
        // Whoever asks next begins anew.
        if (entries.get(key) === entry) entries.delete(key);
        entry.reading.abort(signal.reason);
      }
    }
  };
  const keyOf = (shop: string, source: KeptSource) => `${source}|${shop}`;

  return {
    bytes: () => [...entries.values()].reduce((sum, entry) => sum + bytesOf(entry), 0),
    isKept: (shop, source, version) => {
      const known = entries.get(keyOf(shop, source));
      return known !== undefined && isFresh(known, version);
    },
    get: async <Source extends KeptSource>(
      shop: string,
      source: Source,
      version: string,
      until: number,
      signal: AbortSignal,
    ) => {
      const key = keyOf(shop, source);
      const known = entries.get(key);
      const entry = known && isFresh(known, version) ? known : begin(key, version, until, shop, source);
      entries.delete(key);
      entries.set(key, entry);
      const snapshot = (await waitFor(key, entry, signal)) as Snapshot<Source>;
      // Of facts that have not changed it tells what it told, and time goes on.
      return { ...snapshot, until: entry.version === version ? until : entry.until };
    },
  };
}

async function readSnapshot(
  store: FactReads,
  shop: string,
  source: KeptSource,
  { now, limit, signal }: { now: () => number; limit: number; signal: AbortSignal },
): Promise<Snapshot> {
  const readAt = now();
  // Counted first, from an index: reading millions only to refuse them would take minutes.
  if ((await store.factCount(shop, source, limit + 1, { signal })) > limit) throw tooManyFacts(shop, limit);
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
      joinHistories(
        counted(store.orders(shop, { signal })),
        counted(store.edits(shop, { signal })),
        counted(store.refunds(shop, { signal })),
      ),
    kept_goods: () =>
      keepGoods({
        cancelled: counted(store.cancelledOrders(shop, { signal })),
        orders: counted(store.goodsOfOrders(shop, { signal })),
        edits: counted(store.goodsOfEdits(shop, { signal })),
        refunds: counted(store.goodsOfRefunds(shop, { signal })),
      }),
    paid_orders: () => gatherAttempts(counted(store.payments(shop, { signal }))),
    products: () => counted(store.products(shop, { signal })),
  }[source]();
  const content: unknown[] = [];
  for await (const row of reading) {
    content.push(row);
    // What the server sends at once comes without a wait: everything else gets its turn in between.
    if (content.length % ROWS_PER_TURN === 0) await setImmediate();
  }
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
      'metrics over facts are not available for it, unless the exporter reads the lake: switch that on with npm start -- --with lake, or EXPORTER_DEPTH_MB',
  );
