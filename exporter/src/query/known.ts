import { calendarLabel, type ZoneCalendar } from '@storepulse/contracts';
import type { TimeRange } from './buckets.ts';
import type { Freshness } from './freshness.ts';
import type { Notice, Plan } from './plan.ts';

/** Between which instants a shop's data is known. */
export interface Reach {
  /** Start of the first day with data; null when there is none. */
  readonly firstDay: number | null;
  /** Everything before it has been counted. */
  readonly until: number;
}

/** The instant up to which a shop's data is known: nothing while its watermark is not. */
export function knownUntil(freshness: Freshness | undefined, now: number): number {
  return freshness === undefined ? now : Math.min(now, freshness.watermark ?? 0);
}

/**
 * By bucket, whether nothing stored means that nothing happened: from the first day until the data's end, and
 * where something is stored anyway. Elsewhere a gap is not zero but unknown.
 */
export function knownBuckets(
  buckets: readonly TimeRange[],
  covered: readonly boolean[],
  { firstDay, until }: Reach,
): boolean[] {
  return buckets.map(
    ({ from, to }, i) => covered[i] === true || (firstDay !== null && to > firstDay && from < until),
  );
}

/** Where the last buckets of a time series are still filling; days and months are named in the shop's calendar. */
export function describeIncomplete(
  { buckets, interval }: Pick<Plan, 'buckets' | 'interval'>,
  until: number,
  calendar: ZoneCalendar,
): { incompleteFrom?: number; notices: Notice[] } {
  if (interval === 'all' || interval === 'range') return { notices: [] };
  const first = buckets.find((bucket) => bucket.to > until);
  if (!first) return { notices: [] };
  const label = calendarLabel(interval, calendar);
  const since = label ? label(first.from) : new Date(first.from).toISOString();
  return {
    incompleteFrom: first.from,
    notices: [{ severity: 'info', text: `From ${since} on the data is not complete yet.` }],
  };
}
