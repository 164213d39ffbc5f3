import { type Frame, OTHER_VALUE, type ZoneCalendar } from '@storepulse/contracts';
import { ExporterError } from '../errors.ts';
import type { Allowance } from '../work/allowance.ts';
import type { Steps } from '../work/pacer.ts';
import type { TimeRange } from './buckets.ts';
import { FRAMES_COMPARED } from './compare-with-earlier.ts';
import { type AnsweredFrame, columnsOf, type FrameInput, seriesFrame, tableFrame } from './frames.ts';
import { heatmapFrame, MOST_ROWS } from './heatmap.ts';
import { describeIncomplete } from './known.ts';
import { knownIn } from './known-in.ts';
import { ledGroups } from './led-groups.ts';
import type { Notice, Plan } from './plan.ts';
import { MAX_POINTS, POINT_BYTES, type Reading } from './reading.ts';
import { describeEstimate } from './remarks.ts';
import type { ResolvedQuery } from './resolve.ts';
import { addShare } from './share.ts';
import { orderOfGroups } from './split.ts';
import { type Group, topGroups } from './top-groups.ts';
import type { ShopMoney } from './units.ts';
import { bucketsWith } from './unmerged.ts';

/** Groups of an answer when the query sets no limit: what a graph can show, what a table can hold. */
const DEFAULT_LIMIT = { time_series: 100, table: 1_000 } as const;

/** Where and when a query's frames are made, and what they may use. */
export interface FrameContext {
  readonly shop: ShopMoney;
  readonly calendar: ZoneCalendar;
  readonly now: number;
  readonly range: TimeRange;
  readonly allowance: Allowance;
  /** Groups of another metric that the frames are to have too. */
  readonly leading: readonly string[] | undefined;
}

/**
 * Makes the frames of a query from what was read for it.
 * @throws {ExporterError} `too_many_points`
 */
export function* frameOf(
  resolved: ResolvedQuery,
  reading: Reading,
  { shop, calendar, now, range, allowance, leading }: FrameContext,
): Steps<AnsweredFrame & { readonly more: readonly Frame[] }> {
  const { query, metric, parts, split } = resolved;
  const { plan, grouped, unmerged, until } = reading;
  const { buckets } = plan;
  const overdue = bucketsWith(
    buckets,
    unmerged.filter(({ isOverdue }) => isOverdue),
  );
  const { incompleteFrom, notices } = describeIncomplete(plan, { until, now }, overdue, calendar, range);
  const top = yield* topOf(resolved, reading, leading);
  allowance.hold(top.groups.length * buckets.length * POINT_BYTES * (query.share ? 2 : 1));
  const input: FrameInput = {
    refId: query.refId,
    metric,
    parts,
    shop,
    dimensions: split.dimensions,
    grouped,
    groups: top.groups,
    buckets,
    knownOf: yield* knownIn(reading, split, calendar),
    incompleteFrom,
    cumulative: query.cumulative && query.format !== 'table',
  };
  if (query.format === 'heatmap') {
    allowance.hold(MOST_ROWS * buckets.length * POINT_BYTES);
    const { frame, error } = yield* heatmapFrame(input, timesOf(plan, now));
    return { frame, input, columns: [], more: [], notices: [...notices, ...describeEstimate(metric, error)] };
  }
  const columns = yield* columnsOf(input);
  const { frame, error } =
    query.format === 'table' ? tableFrame(input, columns) : seriesFrame(input, columns, timesOf(plan, now));
  const isTable = query.format === 'table';
  const shared =
    query.share && split.dimensions.length > 0
      ? yield* addShare({ frame, input, columns }, isTable)
      : { frame, more: [] };
  return {
    ...{ ...shared, input, columns },
    notices: [...notices, ...top.notices, ...describeEstimate(metric, error)],
  };
}

function* topOf(
  resolved: ResolvedQuery,
  { grouped, plan }: Reading,
  leading: readonly string[] | undefined,
): Steps<{ groups: FrameInput['groups']; notices: Notice[] }> {
  const { query, metric, parts, split } = resolved;
  const { dimensions, slots } = split;
  if (dimensions.length === 0)
    return { groups: [{ value: metric.name, members: grouped.values.map((_, i) => i) }], notices: [] };
  const limit =
    query.limit ?? Math.max(slots.length, DEFAULT_LIMIT[query.format === 'table' ? 'table' : 'time_series']);
  const ranking = { limit, least: query.order === 'least' };
  const top = leading
    ? yield* ledGroups(leading, grouped, metric, parts, ranking)
    : yield* topGroups(grouped, metric, parts, ranking);
  const { folded } = top;
  const isPartOfAll = query.limit !== undefined || folded > 0;
  const groups = inOrder([...top.groups, ...(isPartOfAll ? [] : emptySlots(top.groups, slots))], resolved);
  const frames = (query.compareTo === undefined ? 1 : FRAMES_COMPARED) + (query.share ? 1 : 0);
  const points = groups.length * plan.buckets.length * frames;
  if (points > MAX_POINTS) {
    throw new ExporterError(
      'too_many_points',
      `${groups.length} groups × ${plan.buckets.length} buckets are more than ${MAX_POINTS} points${query.compareTo === undefined ? '' : ', compared with an earlier time'}: ` +
        'set a lower limit, a longer interval or a shorter range',
    );
  }
  const guarded = folded > 0 && query.limit === undefined;
  const text = leading
    ? `Of ${metric.name}, ${folded} values beyond the groups of the first metric are shown as other: set a limit to see more.`
    : `The ${limit} ${query.order === 'least' ? 'least' : 'greatest'} of ${limit + folded} values are shown, the rest as other: set a limit to see more or fewer.`;
  const notices: Notice[] = guarded ? [{ severity: 'info', text }] : [];
  return { groups, notices };
}

/** Hours and weekdays that nothing was read of: no group of them is left out for that. */
function emptySlots(groups: readonly Group[], slots: readonly string[]): Group[] {
  const met = new Set(groups.map(({ value }) => value));
  return slots.filter((slot) => !met.has(slot)).map((value) => ({ value, members: [] }));
}

/** Groups as an answer tells them; what is left over comes last. */
function inOrder(groups: readonly Group[], { query, split }: ResolvedQuery): Group[] {
  const { dimensions } = split;
  const byName = query.order === 'name';
  if (!byName && dimensions.length === 1 && !dimensions[0]!.ordered) return [...groups];
  const named = groups.filter(({ value }) => value !== OTHER_VALUE);
  const order = orderOfGroups(
    named.map(({ value }) => value),
    dimensions,
    byName,
  );
  return [
    ...named.sort((a, b) => order(a.value, b.value)),
    ...groups.filter(({ value }) => value === OTHER_VALUE),
  ];
}

/** A point's time is its bucket's start; the lifetime's is the range's end, or now. */
function timesOf(plan: Plan, now: number): number[] {
  return plan.interval === 'all' ? [now] : plan.buckets.map((bucket) => bucket.from);
}
