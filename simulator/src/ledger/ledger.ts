import type { Emission } from '../faults/injector.ts';
import type { OutgoingRecord } from '../sink/event-sink.ts';
import { addToCells, type Cells, getOrAdd, mergeCells, type PlainCells, plainCells } from './cells.ts';
import { bookEvent } from './definitions.ts';
import { createIdLedger } from './ids.ts';
import { bookVisit, createOpenVisits, type Visit } from './visits.ts';

/** The truth about one shop's run so far. */
export interface LedgerSummary {
  readonly shop: string;
  /** Sums over the whole run: metric → dimension → value → sum; money in minor units. */
  readonly sums: PlainCells;
  /** Distinct ids over the whole run; null where there were too many to keep. */
  readonly distinct: Readonly<
    Record<string, Readonly<Record<string, Readonly<Record<string, number | null>>>>>
  >;
  /** What a correct reader makes of the records, by topic. */
  readonly fates: Readonly<Record<string, Readonly<Record<string, number>>>>;
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
  /** Windows that are not written yet, visits under way included: start (epoch ms) → sums. */
  recentWindows(shop: string): ReadonlyMap<number, PlainCells>;
}

const DAY_MS = 86_400_000;

/**
 * The length of the windows that are written, in ms, by how old they are at the start of the run: the finest that
 * the metrics keep at that age. All longer ones are sums of them.
 */
export function ledgerWindowMs(age: number): number {
  if (age < 2 * DAY_MS) return 10_000;
  return age < 14 * DAY_MS ? 60_000 : 3_600_000;
}

/** Late events come up to ten minutes after their time; what comes after that is written as a further part. */
const OPEN_MS = 15 * 60_000;
/** A visit that was not heard of for so long has been cut short. */
const UNHEARD_MS = 60 * 60_000;
const SWEEP_MS = 60_000;

interface ShopLedger {
  /** Sums of the windows that are written already. */
  readonly written: Cells;
  /** By window start. */
  readonly open: Map<number, Cells>;
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
  const ids = createIdLedger();
  const notes: OutgoingRecord[] = [];
  let seq = 0;
  let now = Number.NEGATIVE_INFINITY;
  let sweptAt = Number.NEGATIVE_INFINITY;

  const ledgerOf = (shop: string) =>
    getOrAdd(shops, shop, (): ShopLedger => ({ written: new Map(), open: new Map(), fates: new Map() }));
  const windowOf = (open: Map<number, Cells>, time: number) => {
    const length = ledgerWindowMs(startedAt - time);
    return getOrAdd(open, Math.floor(time / length) * length, (): Cells => new Map());
  };
  const bookEnded = (visit: Visit) => {
    const cells = windowOf(ledgerOf(visit.shop).open, visit.firstTime);
    bookVisit(visit, (metric, amount, dimensions) => addToCells(cells, metric, amount, dimensions));
  };
  const visits = createOpenVisits(bookEnded);

  const toRecord = (body: object): OutgoingRecord => {
    seq += 1;
    return {
      topic: 'sim-ledger',
      key: `${run}:${seq}`,
      value: JSON.stringify({ run, seq, ...body }),
      headers: {},
    };
  };
  /** The sums of a shop with the visits under way, which may move yet, in windows of their own. */
  const withVisits = (shop: string): Map<number, Cells> => {
    const underWay = new Map<number, Cells>();
    for (const visit of visits.values()) {
      if (visit.shop !== shop) continue;
      const cells = windowOf(underWay, visit.firstTime);
      bookVisit(visit, (metric, amount, dimensions) => addToCells(cells, metric, amount, dimensions));
    }
    for (const [start, cells] of ledgerOf(shop).open) mergeCells(windowOf(underWay, start), cells);
    return underWay;
  };

  return {
    record: ({ event, record, fate }, due) => {
      now = due;
      if (!record) return;
      const { open, fates } = ledgerOf(event.shop);
      const ofTopic = getOrAdd(fates, record.topic, () => new Map<string, number>());
      ofTopic.set(fate, (ofTopic.get(fate) ?? 0) + 1);
      if (fate !== 'processed') return;
      const cells = windowOf(open, event.eventTime);
      bookEvent(
        event,
        (metric, amount, dimensions) => addToCells(cells, metric, amount, dimensions),
        (metric, id, dimensions) => id !== null && ids.add(event.shop, metric, id, dimensions),
      );
      visits.see(event, due);
    },
    endVisit: (sessionId) => visits.end(sessionId),
    note: (kind, body) => {
      notes.push(toRecord({ kind, ...body }));
    },
    take: (all = false) => {
      const records = notes.splice(0);
      if (!all && now - sweptAt < SWEEP_MS) return records;
      sweptAt = now;
      visits.endUnheard(all ? Number.POSITIVE_INFINITY : now - UNHEARD_MS);
      for (const [shop, { open, written, fates }] of shops) {
        for (const [start, cells] of open) {
          const length = ledgerWindowMs(startedAt - start);
          if (!all && start + length > now - OPEN_MS) continue;
          open.delete(start);
          mergeCells(written, cells);
          if (cells.size > 0)
            records.push(toRecord({ kind: 'window', shop, start, length, sums: plainCells(cells) }));
        }
        if (all) records.push(toRecord({ kind: 'fates', shop, fates: plainFates(fates) }));
      }
      return records;
    },
    summary: (shop) => {
      const known = shops.get(shop);
      if (!known) return undefined;
      const sums: Cells = new Map();
      mergeCells(sums, known.written);
      for (const cells of withVisits(shop).values()) mergeCells(sums, cells);
      return { shop, sums: plainCells(sums), distinct: ids.counts(shop), fates: plainFates(known.fates) };
    },
    recentWindows: (shop) =>
      new Map(
        shops.has(shop) ? [...withVisits(shop)].map(([start, cells]) => [start, plainCells(cells)]) : [],
      ),
  };
}

function plainFates(fates: ReadonlyMap<string, ReadonlyMap<string, number>>) {
  return Object.fromEntries([...fates].map(([topic, counts]) => [topic, Object.fromEntries(counts)]));
}
