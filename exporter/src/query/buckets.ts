import type { Shop, ZoneCalendar } from '@storepulse/contracts';
import type { Steps } from '../work/pacer.ts';
import { MONTHS_OF, NOMINAL_LENGTH, type Width } from './intervals.ts';

/** A span of time in epoch ms: from inclusive, to exclusive. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** Where a shop's days and weeks begin. */
export interface ShopCalendar {
  readonly calendar: ZoneCalendar;
  readonly weekStart: Shop['weekStart'];
}

const WEEKDAY = { sunday: 0, monday: 1, saturday: 6 } as const;
/** No zone's midnight is disputed at noon, so dates are found from there. */
const NOON = 12;

/**
 * The buckets of a width that overlap a range, whole and in order: the first may begin before the range, the last
 * may end after it. Days, weeks, months, quarters and years are the shop's; shorter ones are cut at whole multiples since 1970, UTC.
 */
export function* bucketsOf(range: TimeRange, width: Width, shop: ShopCalendar): Steps<TimeRange[]> {
  const buckets: TimeRange[] = [];
  let from = bucketStart(range.from, width, shop);
  while (from < range.to) {
    const to = bucketEnd(from, width, shop);
    buckets.push({ from, to });
    from = to;
    if (buckets.length % BUCKETS_PER_STEP === 0) yield;
  }
  return buckets;
}

/** Buckets between two places to rest: a day that was never asked for takes some tens of microseconds. */
const BUCKETS_PER_STEP = 32;

/** The index of the bucket that holds `time`; −1 when none does. Buckets are in order. */
export function bucketAt(buckets: readonly TimeRange[], time: number): number {
  let low = 0;
  let high = buckets.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const bucket = buckets[middle]!;
    if (time < bucket.from) high = middle - 1;
    else if (time >= bucket.to) low = middle + 1;
    else return middle;
  }
  return -1;
}

/** The bucket of a width that holds `time`. */
export function bucketAround(time: number, width: Width, shop: ShopCalendar): TimeRange {
  const from = bucketStart(time, width, shop);
  return { from, to: bucketEnd(from, width, shop) };
}

function bucketStart(time: number, width: Width, { calendar, weekStart }: ShopCalendar): number {
  if (width === '1d') return calendar.dayStart(time);
  const months = MONTHS_OF[width];
  if (width !== '1w' && months === undefined)
    return Math.floor(time / NOMINAL_LENGTH[width]) * NOMINAL_LENGTH[width];
  const { year, month, day, weekday } = calendar.localDate(time);
  if (months !== undefined) return dayStart(calendar, year, month - ((month - 1) % months), 1);
  return dayStart(calendar, year, month, day - ((weekday - WEEKDAY[weekStart] + 7) % 7));
}

function bucketEnd(start: number, width: Width, { calendar }: ShopCalendar): number {
  if (width === '1d') return calendar.dayEnd(start);
  const months = MONTHS_OF[width];
  if (width !== '1w' && months === undefined) return start + NOMINAL_LENGTH[width];
  const { year, month, day } = calendar.localDate(start);
  if (months !== undefined) return dayStart(calendar, year, month + months, 1);
  return dayStart(calendar, year, month, day + 7);
}

function dayStart(calendar: ZoneCalendar, year: number, month: number, day: number): number {
  return calendar.dayStart(calendar.instant(year, month, day, NOON));
}
