import type { Comparison, ZoneCalendar } from '@storepulse/contracts';
import type { Steps } from '../work/pacer.ts';
import { bucketAround, bucketAt, type ShopCalendar, type TimeRange } from './buckets.ts';
import { shiftDays, shiftMonths } from './calendar-steps.ts';
import { MONTHS_OF, NOMINAL_LENGTH, type Width } from './intervals.ts';
import type { Plan } from './plan.ts';

/** The earlier time that an answer is compared with. */
export interface Earlier {
  readonly range: TimeRange;
  /** By bucket of the answer: an instant of the bucket that it is compared with. */
  readonly instants: readonly number[];
}

/** How far the earlier time lies before. */
type Distance = { readonly months: number } | { readonly days: number } | { readonly ms: number };

/** Buckets between two places to rest: a step through a calendar takes some tens of microseconds. */
const BUCKETS_PER_STEP = 32;
/** A year of whole weeks, so that weekdays stay. */
const DAYS_OF_52_WEEKS = 364;
const DAY_MS = 86_400_000;
/** A day on which clocks change is so much longer or shorter. */
const CLOCK_CHANGE_MS = 3_600_000;

/**
 * The earlier time of a time series: each bucket is compared with the one a fixed distance before. The distance is in the
 * shop's days or months where it can be: a bucket that begins at its midnight is compared with one that does so too, also
 * when clocks have changed in between. Of the year before, days are compared by date and weeks by weekday.
 */
export function* earlierBuckets(
  comparison: Comparison,
  range: TimeRange,
  { buckets, width }: { buckets: readonly TimeRange[]; width: Width },
  shop: ShopCalendar,
): Steps<Earlier> {
  const distance = distanceOf(comparison, range, width, shop.calendar);
  const instants: number[] = [];
  for (const { from } of buckets) {
    instants.push(before(from, distance, shop.calendar));
    if (instants.length % BUCKETS_PER_STEP === 0) yield;
  }
  const { from } = bucketAround(instants[0]!, width, shop);
  const { to } = bucketAround(instants.at(-1)!, width, shop);
  return { range: { from, to }, instants };
}

/** The earlier time of a table's range: what is not over yet is compared with as much of the earlier time. */
export function earlierRange(
  comparison: Comparison,
  range: TimeRange,
  now: number,
  calendar: ZoneCalendar,
): Earlier {
  const distance = distanceOf(comparison, range, 'range', calendar);
  const to = Math.max(range.from + 1, Math.min(range.to, now));
  const from = before(range.from, distance, calendar);
  return { range: { from, to: before(to, distance, calendar) }, instants: [from] };
}

/** By bucket of the answer, the index of the bucket of the earlier time; −1: there is none. */
export function alignedWith({ instants }: Earlier, { buckets, interval }: Plan): number[] {
  if (interval === 'range') return [0];
  return instants.map((instant) => bucketAt(buckets, instant));
}

function distanceOf(
  comparison: Comparison,
  range: TimeRange,
  width: Width | 'range',
  calendar: ZoneCalendar,
): Distance {
  if (comparison === 'previous_week') return { days: 7 };
  if (comparison === 'previous_year') return width === '1w' ? { days: DAYS_OF_52_WEEKS } : { months: 12 };
  if (width === 'range') return lengthOf(range, calendar);
  const months = MONTHS_OF[width];
  if (months !== undefined) return { months: upTo(months, monthsIn(range, calendar)) };
  const days = (range.to - range.from) / DAY_MS;
  if (width === '1w') return { days: upTo(7, days) };
  const whole = Math.round(days);
  const isWhole = whole > 0 && Math.abs(days - whole) * DAY_MS <= CLOCK_CHANGE_MS;
  if (width === '1d') return { days: isWhole ? whole : Math.ceil(days) };
  return isWhole ? { days: whole } : { ms: upTo(NOMINAL_LENGTH[width], range.to - range.from) };
}

/** The length of a range: in months where it is made of whole ones, else in whole days, else as it is. */
function lengthOf({ from, to }: TimeRange, calendar: ZoneCalendar): Distance {
  const isMidnight = (time: number) => calendar.dayStart(time) === time;
  if (!isMidnight(from) || !isMidnight(to)) return { ms: to - from };
  const isFirst = (time: number) => calendar.localDate(time).day === 1;
  if (isFirst(from) && isFirst(to)) return { months: monthsIn({ from, to }, calendar) };
  return { days: Math.round((to - from) / DAY_MS) };
}

/** Months that a range touches, less the one that its end begins. */
function monthsIn({ from, to }: TimeRange, calendar: ZoneCalendar): number {
  const [first, last] = [calendar.localDate(from), calendar.localDate(to)];
  const months = (last.year - first.year) * 12 + last.month - first.month;
  return last.day > first.day ? months + 1 : months;
}

/** The least multiple of `unit` that is no less than `length`, and no less than one. */
const upTo = (unit: number, length: number): number => Math.max(1, Math.ceil(length / unit)) * unit;

function before(time: number, distance: Distance, calendar: ZoneCalendar): number {
  if ('months' in distance) return shiftMonths(time, -distance.months, calendar);
  return 'days' in distance ? shiftDays(time, -distance.days, calendar) : time - distance.ms;
}
