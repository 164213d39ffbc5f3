import {
  type DimensionSpec,
  dimensionValue,
  type FactMetric,
  type FactSource,
  TOTAL_VALUE,
  type ZoneCalendar,
} from '@storepulse/contracts';
import { bucketAt, type TimeRange } from '../query/buckets.ts';
import type { Steps } from '../work/pacer.ts';
import type { CustomerHistory } from './customer-histories.ts';
import { createFactTable } from './fact-table.ts';
import { foldAims } from './fold-aims.ts';
import { bySegment, runsOf } from './fold-customers.ts';
import type { KeptGoodsFact } from './kept-goods.ts';
import { monthOf } from './months.ts';
import type { PaidOrderFact } from './paid-orders.ts';
import type { Circumstances, ProductFact } from './rows.ts';
import type { FactContents } from './snapshots.ts';

/** How facts are added up. */
export interface FactFold {
  /** All over the same kind of facts. */
  readonly metrics: readonly FactMetric[];
  /** In order and without holes. */
  readonly buckets: readonly TimeRange[];
  /** The dimension that groups and filters go by; undefined: all rows are one group. */
  readonly dimension: DimensionSpec | undefined;
  /** The group of a dimension's value; undefined leaves it out. */
  readonly groupOf: (value: string) => string | undefined;
  readonly calendar: ZoneCalendar;
  /** Wall clock, epoch ms. */
  readonly now: number;
  /** How many groups × buckets it may come to. */
  readonly maxCells: number;
}

/** Adds facts up: by group, for each bucket one sum per metric. */
export function* foldFacts<Source extends FactSource>(
  source: Source,
  content: FactContents[Source],
  fold: FactFold,
): Steps<Map<string, number[][]>> {
  const table = createFactTable(fold.buckets.length, fold.metrics.length, fold.maxCells);
  const contents = { [source]: content } as unknown as FactContents;
  const values = fold.metrics.map(({ of }) => of as (row: unknown) => number);
  const add: Add = (group, from, to, row) => {
    if (group !== undefined)
      table.add(
        group,
        from,
        to,
        values.map((of) => of(row)),
      );
  };
  if (source === 'customers') yield* foldCustomers(contents.customers, fold, add);
  else if (source === 'kept_goods') yield* foldKeptGoods(contents.kept_goods, fold, add);
  else if (source === 'paid_orders') yield* foldPaidOrders(contents.paid_orders, fold, add);
  else if (source === 'products') yield* foldProducts(contents.products, fold, add);
  else yield* foldAims(contents.aims, fold, add);
  return yield* table.sums();
}

/** Rows between two places to rest. */
const ROWS_PER_STEP = 64;

/** Adds a row to the buckets `from` … `to`, unless its group is filtered away. */
export type Add = (group: string | undefined, from: number, to: number, row: unknown) => void;

function* foldCustomers(customers: readonly CustomerHistory[], fold: FactFold, add: Add): Steps<void> {
  const { dimension, groupOf, buckets, now } = fold;
  const ends = buckets.map(({ to }) => Math.min(to, now));
  const cohortOf = monthByDay(fold.calendar);
  let read = 0;
  for (const history of customers) {
    if (++read % ROWS_PER_STEP === 0) yield;
    const runs = runsOf(history, buckets);
    if (dimension?.name === 'segment') {
      for (const { segment, from, to, row } of runs.flatMap((run) => bySegment(run, ends)))
        add(groupOf(segment), from, to, row);
    } else {
      const raw =
        dimension?.name === 'cohort' ? cohortOf(history.times[history.isOrder.indexOf(true)]!) : undefined;
      const group = groupOf(raw ?? firstValue(dimension, history.first));
      for (const { from, to, row } of runs) add(group, from, to, row);
    }
  }
}

function* foldKeptGoods(facts: readonly KeptGoodsFact[], fold: FactFold, add: Add): Steps<void> {
  const { dimension, groupOf, buckets } = fold;
  let read = 0;
  for (const { time, first, goods } of facts) {
    if (++read % ROWS_PER_STEP === 0) yield;
    const bucket = bucketAt(buckets, time);
    if (bucket >= 0) add(groupOf(firstValue(dimension, first)), bucket, bucket + 1, { goods });
  }
}

function* foldPaidOrders(orders: readonly PaidOrderFact[], fold: FactFold, add: Add): Steps<void> {
  const { dimension, groupOf, buckets } = fold;
  let read = 0;
  for (const { time, first, authorized } of orders) {
    if (++read % ROWS_PER_STEP === 0) yield;
    const bucket = bucketAt(buckets, time);
    if (bucket >= 0) add(groupOf(firstValue(dimension, first)), bucket, bucket + 1, { authorized });
  }
}

function* foldProducts(products: readonly ProductFact[], fold: FactFold, add: Add): Steps<void> {
  const { dimension, groupOf, buckets } = fold;
  if (buckets.length === 0) return;
  let read = 0;
  for (const { stock, category } of products) {
    if (++read % ROWS_PER_STEP === 0) yield;
    const value = dimension ? dimensionValue(dimension, category) : TOTAL_VALUE;
    add(groupOf(value), buckets.length - 1, buckets.length, { stock });
  }
}

const CIRCUMSTANCES: Readonly<Record<string, keyof Circumstances>> = {
  country: 'country',
  device: 'device',
  channel: 'channel',
  payment_method: 'paymentMethod',
};

function firstValue(dimension: DimensionSpec | undefined, first: Circumstances): string {
  return dimension ? dimensionValue(dimension, first[CIRCUMSTANCES[dimension.name]!]) : TOTAL_VALUE;
}

/** The calendar month of an instant, worked out once per day. */
function monthByDay(calendar: ZoneCalendar): (time: number) => string {
  const months = new Map<number, string>();
  return (time) => {
    const day = calendar.dayStart(time);
    const known = months.get(day);
    if (known) return known;
    const text = monthOf(time, calendar);
    months.set(day, text);
    return text;
  };
}
