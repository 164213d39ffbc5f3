import { type CustomerInWindow, SEGMENT_AGES, segmentOf } from '@storepulse/contracts';
import { bucketAt, type TimeRange } from '../query/buckets.ts';
import type { CustomerHistory } from './customer-histories.ts';

/** A run of buckets over which a customer stays the same. */
export interface CustomerRun {
  /** Index of the first bucket. */
  readonly from: number;
  /** Index after the last. */
  readonly to: number;
  readonly row: CustomerInWindow;
  /** Time of the last order up to the end of the run's buckets. */
  readonly lastOrder: number;
}

/**
 * What buckets see of a customer, from the first order on: one run for each bucket that an order or refund falls in
 * and one for each stretch between them. Buckets are in order and without holes.
 */
export function runsOf(history: CustomerHistory, buckets: readonly TimeRange[]): CustomerRun[] {
  const { times, amounts, isOrder } = history;
  const runs: CustomerRun[] = [];
  const begin = buckets[0]?.from ?? 0;
  const end = buckets.at(-1)?.to ?? 0;
  let at = 0;
  let orders = 0;
  let netSales = 0;
  let lastOrder = Number.NEGATIVE_INFINITY;
  /** Goes over what happened before `time`; returns how many orders that were. */
  const advance = (time: number): number => {
    const before = orders;
    for (; at < times.length && times[at]! < time; at++) {
      netSales += amounts[at]!;
      if (!isOrder[at]) continue;
      orders++;
      lastOrder = times[at]!;
    }
    return orders - before;
  };
  const push = (from: number, to: number, ordersIn: number) => {
    if (from < to && orders > 0)
      runs.push({ from, to, row: { ordersBefore: orders - ordersIn, ordersIn, netSales }, lastOrder });
  };

  advance(begin);
  let bucket = 0;
  while (at < times.length && times[at]! < end) {
    const next = bucketAt(buckets, times[at]!);
    push(bucket, next, 0);
    push(next, next + 1, advance(buckets[next]!.to));
    bucket = next + 1;
  }
  push(bucket, buckets.length, 0);
  return runs;
}

/**
 * Cuts a run where the customer's segment changes.
 * @param ends by bucket: the instant that segments are judged at, ascending
 */
export function bySegment(run: CustomerRun, ends: readonly number[]): (CustomerRun & { segment: string })[] {
  const { row, lastOrder } = run;
  const cuts = SEGMENT_AGES.map((age) => firstAfter(ends, lastOrder + age, run.from, run.to));
  const bounds = [run.from, ...cuts, run.to];
  return bounds.slice(1).flatMap((to, i) => {
    const from = bounds[i]!;
    if (from === to) return [];
    const segment = segmentOf(row.ordersBefore + row.ordersIn, lastOrder, ends[from]!);
    return [{ ...run, from, to, segment }];
  });
}

/** The first index in `from` … `to` whose instant is later than `time`; `to` when there is none. */
function firstAfter(ends: readonly number[], time: number, from: number, to: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle]! > time) high = middle;
    else low = middle + 1;
  }
  return low;
}
