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
 * where something is stored anyway; never where counted windows are not merged. Elsewhere a gap is not zero but unknown.
 */
export function knownBuckets(
  buckets: readonly TimeRange[],
  covered: readonly boolean[],
  unmerged: readonly boolean[],
  { firstDay, until }: Reach,
): boolean[] {
  return buckets.map(
    ({ from, to }, i) =>
      !unmerged[i] && (covered[i] === true || (firstDay !== null && to > firstDay && from < until)),
  );
}

/**
 * From where on an answer is not complete: the first bucket of a time series that is still filling or waits to be
 * merged; of a table the instant up to which all has been counted, when its range goes on beyond that.
 * @param range as asked for
 */
export function describeIncomplete(
  { buckets, interval }: Pick<Plan, 'buckets' | 'interval'>,
  { until, now }: { until: number; now: number },
  overdue: readonly boolean[],
  calendar: ZoneCalendar,
  range: TimeRange,
): { incompleteFrom?: number; notices: Notice[] } {
  if (interval === 'all') return { notices: [] };
  if (interval === 'range') {
    if (range.to <= until || range.from >= now) return { notices: [] };
    return incomplete(Math.max(range.from, until), undefined);
  }
  const first = buckets.find((bucket, i) => bucket.to > until || overdue[i]);
  return first ? incomplete(first.from, calendarLabel(interval, calendar)) : { notices: [] };
}

function incomplete(
  from: number,
  label: ReturnType<typeof calendarLabel> | undefined,
): { incompleteFrom: number; notices: Notice[] } {
  const since = label ? label(from) : new Date(from).toISOString();
  return {
    incompleteFrom: from,
    notices: [{ severity: 'info', text: `From ${since} on the data is not complete yet.` }],
  };
}

/**
 * What an answer says about windows that wait to be merged: nothing while none of its own do, unless merging has
 * stopped. A time series that waits for a moment has said so by where it is incomplete.
 */
export function describeWaiting(
  { interval }: Pick<Plan, 'interval'>,
  isWaiting: boolean,
  { backlog, isSilent }: { backlog: Notice | undefined; isSilent: boolean },
): Notice[] {
  if (backlog && (isWaiting || isSilent)) return [backlog];
  if (!isWaiting || (interval !== 'all' && interval !== 'range')) return [];
  const text = 'Some windows of this shop are counted and not merged yet: figures may be too low.';
  return [{ severity: 'warning', text }];
}
