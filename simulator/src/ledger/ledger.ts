import type { Emission } from '../faults/injector.ts';
import type { OutgoingRecord } from '../sink/event-sink.ts';
import { add, type Book, bookSize, emptyBook, getOrAdd, mergeBooks } from './book.ts';
import { cellsOf, type PlainCells, plainSums } from './cells.ts';
import { bookEvent } from './definitions.ts';
import { createIdLedger, type IdLedger } from './ids.ts';
import { type PlainBook, plainBook, splitBook } from './plain-book.ts';
import { bookVisit, createOpenVisits, type Visit } from './visits.ts';

/** What is counted of one window of event time. */
export interface LedgerWindow extends PlainBook {
  /** Epoch ms. */
  readonly start: number;
  /** In ms. */
  readonly length: number;
}

/** By topic, what a correct reader makes of its records. */
export type LedgerFates = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** The truth about one shop's run so far. */
export interface LedgerSummary {
  readonly run: string;
  readonly shop: string;
  /** Records that the run has made for the topic `sim-ledger` so far. */
  readonly seq: number;
  /** Sums over the whole run: metric → dimension → value → sum; money in minor units. */
  readonly sums: PlainCells;
  /** Distinct ids over the whole run by metric; null where there were too many to keep. */
  readonly distinct: Readonly<Record<string, number | null>>;
  readonly fates: LedgerFates;
  /** What is in none of those records yet, visits under way included. */
  readonly pending: readonly LedgerWindow[];
}

/** Keeps what the numbers must be, from what the simulator decided. */
export interface Ledger {
  /** Takes something that was made at `due` (epoch ms). */
  record(emission: Emission, due: number): void;
  /** A visit has ended. */
  endVisit(sessionId: string): void;
  /** Puts something beside the sums that explains them: what was run, and what was done to it. */
  note(kind: 'run' | 'command', body: object): void;
  /** Records for the topic `sim-ledger` that are ready; with `all`, everything that is not written yet. */
  take(all?: boolean): OutgoingRecord[];
  /** The truth about a shop so far, visits under way included; undefined when it has none. */
  summary(shop: string): LedgerSummary | undefined;
}

const DAY_MS = 86_400_000;

/**
 * The length of the windows that are written, in ms, by how old they are at the start of the run: the finest that
 * the metrics keep at that age, or a quarter of an hour, of which the days of all time zones are made.
 */
export function ledgerWindowMs(age: number): number {
  if (age < 2 * DAY_MS) return 10_000;
  return age < 14 * DAY_MS ? 60_000 : 900_000;
}

/** Late events come up to ten minutes after their time; what comes after that is written as a further part. */
const OPEN_MS = 15 * 60_000;
/** A visit that was not heard of for so long has been cut short. */
const UNHEARD_MS = 60 * 60_000;
const SWEEP_MS = 60_000;
/** Numbers and ids that stay in open windows: beyond them all is written, and what is still to come is a further part. */
const MAX_OPEN_SIZE = 40_000;
/** How many events pass between two looks at the size. */
const LOOK_EVERY = 5_000;
/** Numbers and ids in one record, so that it stays below what a broker takes. */
const RECORD_SIZE = 15_000;

interface ShopLedger {
  /** Sums of the windows that are written already. */
  readonly written: Book;
  readonly ids: IdLedger;
  /** By window start. */
  readonly open: Map<number, Book>;
  /** By topic and fate. */
  readonly fates: Map<string, Map<string, number>>;
}

/**
 * Opens the ledger of a run.
 * @param run the run's name, the first part of its records' keys
 * @param startedAt the present at its start, epoch ms
 */
export function createLedger(run: string, startedAt: number): Ledger {
  const shops = new Map<string, ShopLedger>();
  const notes: OutgoingRecord[] = [];
  let seq = 0;
  let now = Number.NEGATIVE_INFINITY;
  let sweptAt = Number.NEGATIVE_INFINITY;
  let unlooked = 0;
  /** How long nothing happened at all: in a pause nobody leaves. */
  let idle = 0;

  const ledgerOf = (shop: string) =>
    getOrAdd(
      shops,
      shop,
      (): ShopLedger => ({ written: emptyBook(), ids: createIdLedger(), open: new Map(), fates: new Map() }),
    );
  const lengthAt = (time: number) => ledgerWindowMs(startedAt - time);
  const windowOf = (open: Map<number, Book>, time: number) => {
    const length = lengthAt(time);
    return getOrAdd(open, Math.floor(time / length) * length, emptyBook);
  };
  const visits = createOpenVisits((visit: Visit) => {
    bookVisit(visit, windowOf(ledgerOf(visit.shop).open, visit.firstTime));
  });

  const toRecord = (body: object): OutgoingRecord => {
    seq += 1;
    return {
      topic: 'sim-ledger',
      key: `${run}:${seq}`,
      value: JSON.stringify({ run, seq, ...body }),
      headers: {},
    };
  };
  const write = (shop: string, start: number): OutgoingRecord[] => {
    const { open, written, ids } = ledgerOf(shop);
    const book = open.get(start)!;
    open.delete(start);
    addSums(written, book);
    ids.addAll(book);
    const length = lengthAt(start);
    return [...splitBook(book, RECORD_SIZE)].map((part) =>
      toRecord({ kind: 'window', shop, start, length, ...plainBook(part) }),
    );
  };
  const isTooLarge = () => {
    if (unlooked < LOOK_EVERY) return false;
    unlooked = 0;
    let size = 0;
    for (const { open } of shops.values()) for (const book of open.values()) size += bookSize(book);
    return size > MAX_OPEN_SIZE;
  };
  /** What is not written of a shop, with the visits under way, which may move yet. */
  const unwritten = (shop: string): Map<number, Book> => {
    const books = new Map<number, Book>();
    for (const [start, book] of ledgerOf(shop).open) mergeBooks(getOrAdd(books, start, emptyBook), book);
    for (const visit of visits.values()) {
      if (visit.shop === shop) bookVisit(visit, windowOf(books, visit.firstTime));
    }
    return books;
  };

  return {
    record: ({ event, record, fate }, due) => {
      if (due - now > SWEEP_MS && Number.isFinite(now)) idle += due - now - SWEEP_MS;
      now = due;
      if (!record) return;
      const { open, fates } = ledgerOf(event.shop);
      const ofTopic = getOrAdd(fates, record.topic, () => new Map<string, number>());
      ofTopic.set(fate, (ofTopic.get(fate) ?? 0) + 1);
      if (fate !== 'processed') return;
      bookEvent(event, windowOf(open, event.eventTime));
      visits.see(event, due - idle);
      unlooked += 1;
    },
    endVisit: (sessionId) => visits.end(sessionId),
    note: (kind, body) => {
      notes.push(toRecord({ kind, ...body }));
    },
    take: (all = false) => {
      const records = notes.splice(0);
      const full = isTooLarge();
      const sweeps = all || now - sweptAt >= SWEEP_MS;
      if (!full && !sweeps) return records;
      if (sweeps) {
        // Not whenever there is much to write: half a million visits may be under way.
        sweptAt = now;
        visits.endUnheard(all ? Number.POSITIVE_INFINITY : now - idle - UNHEARD_MS);
      }
      for (const [shop, { open, fates }] of shops) {
        for (const start of [...open.keys()]) {
          if (all || full || start + lengthAt(start) <= now - OPEN_MS) records.push(...write(shop, start));
        }
        if (all) records.push(toRecord({ kind: 'fates', shop, fates: plainFates(fates) }));
      }
      return records;
    },
    summary: (shop) => {
      const known = shops.get(shop);
      if (!known) return undefined;
      const { written, ids, fates } = known;
      const books = unwritten(shop);
      const whole = emptyBook();
      mergeBooks(whole, written);
      for (const book of books.values()) {
        addSums(whole, book);
        ids.addAll(book);
      }
      return {
        run,
        shop,
        seq,
        sums: plainSums(cellsOf(whole)),
        distinct: ids.counts(),
        fates: plainFates(fates),
        pending: [...books].map(([start, book]) => ({ start, length: lengthAt(start), ...plainBook(book) })),
      };
    },
  };
}

/** Adds the sums of a book to another, without its ids and values: of those there are too many over a whole run. */
function addSums(into: Book, from: Book): void {
  for (const part of ['main', 'further'] as const) {
    for (const [names, facets] of from[part]) {
      const target = getOrAdd(into[part], names, () => new Map());
      for (const [labels, facet] of facets) {
        const sums = getOrAdd(target, labels, () => new Map());
        for (const [metric, tally] of facet) if (typeof tally === 'number') add(sums, metric, tally);
      }
    }
  }
}

function plainFates(fates: ReadonlyMap<string, ReadonlyMap<string, number>>): LedgerFates {
  return Object.fromEntries([...fates].map(([topic, counts]) => [topic, Object.fromEntries(counts)]));
}
