import {
  type AnyQuery,
  type AskedQuery,
  type Catalog,
  type Frame,
  type MetricQuery,
  OTHER_VALUE,
  type QueryRequest,
  type QueryResponse,
  type QueryResult,
  type Shop,
  type ZoneCalendar,
} from '@storepulse/contracts';
import { ERRORS, type ErrorCode, ExporterError } from '../errors.ts';
import type { MetricStore } from '../store/store.ts';
import type { Allowance } from '../work/allowance.ts';
import type { Steps } from '../work/pacer.ts';
import { answerCohort } from './answer-cohort.ts';
import { answerFunnel } from './answer-funnel.ts';
import type { TimeRange } from './buckets.ts';
import { compareWithEarlier, FRAMES_COMPARED } from './compare-with-earlier.ts';
import { findConversion } from './conversion.ts';
import { type AnsweredFrame, columnsOf, type FrameInput, seriesFrame, tableFrame } from './frames.ts';
import { heatmapFrame, MOST_ROWS } from './heatmap.ts';
import { describeIncomplete, describeWaiting, knownUntil } from './known.ts';
import { knownIn } from './known-in.ts';
import { ledGroups } from './led-groups.ts';
import { nameValues } from './name-values.ts';
import type { Notice, Plan } from './plan.ts';
import { readRange } from './read-time.ts';
import { MAX_POINTS, POINT_BYTES, type Reading, type ReadingDeps, readQuery } from './reading.ts';
import { describeEstimate, describeIgnored, describeSince, describeUnknownValues } from './remarks.ts';
import type { RequestState } from './request-state.ts';
import { type ResolvedQuery, resolveQuery } from './resolve.ts';
import { rowsContext } from './rows-context.ts';
import { checkParts, joinParts, splitQuery } from './several.ts';
import { addShare } from './share.ts';
import { orderOfGroups } from './split.ts';
import { type Group, topGroups } from './top-groups.ts';
import type { ShopMoney } from './units.ts';
import { bucketsWith } from './unmerged.ts';

/** Groups of an answer when the query sets no limit: what a graph can show, what a table can hold. */
const DEFAULT_LIMIT = { time_series: 100, table: 1_000 } as const;
const DEFAULT_MAX_DATA_POINTS = 1_000;
const MAX_NAMED_SHOPS = 20;

/** What answering depends on. */
export interface AnswerDeps extends ReadingDeps {
  readonly store: MetricStore;
  readonly catalog: Catalog;
  readonly readState: (now: number) => Promise<RequestState>;
  /** The calendar of an IANA zone. */
  readonly calendarOf: (timeZone: string) => ZoneCalendar;
  /** Wall clock, epoch ms. */
  readonly now: () => number;
  /** Visits that one funnel may go over. @default 200,000 */
  readonly maxVisits?: number | undefined;
  /** Told of failures that are ours. */
  readonly onFailure: (error: unknown) => void;
  /** Told of each query that is not answered. */
  readonly onRefusal: (code: ErrorCode) => void;
}

interface RequestContext {
  readonly request: QueryRequest;
  readonly state: RequestState;
  readonly now: number;
  readonly allowance: Allowance;
}

/**
 * Answers all queries of a request; one that fails carries its error and leaves the others alone.
 * @param allowance what the whole request may use
 * @throws {ExporterError} `invalid_request` when two queries have the same `refId`, or too much is asked; `store_unavailable`,
 *   `store_timeout` when not even the shops can be read; why the allowance's signal is aborted
 */
export async function answerRequest(
  request: QueryRequest,
  deps: AnswerDeps,
  allowance: Allowance,
): Promise<QueryResponse> {
  checkRefIds(request.queries);
  checkParts(request.queries);
  const now = deps.now();
  const state = await allowance.orAborted(deps.readState(now));
  const context = { request, state, now, allowance };
  const results = await Promise.all(
    request.queries.map(async (query) => [query.refId, await answerSafely(query, context, deps)] as const),
  );
  return { catalogVersion: deps.catalogVersion, results: Object.fromEntries(results) };
}

/** Answers are told by `refId`: of two with the same one, one answer would be lost. */
function checkRefIds(queries: readonly AnyQuery[]): void {
  const met = new Set<string>();
  queries.forEach(({ refId }, i) => {
    if (met.has(refId))
      throw new ExporterError(
        'invalid_request',
        `body.queries.${i}.refId is "${refId}" a second time: answers are told by it, so give each query one of its own`,
      );
    met.add(refId);
  });
}

async function answerSafely(
  query: AnyQuery,
  context: RequestContext,
  deps: AnswerDeps,
): Promise<QueryResult> {
  try {
    return await answerAny(query, context, deps);
  } catch (error) {
    const known = error instanceof ExporterError;
    if (!known || ERRORS[error.code].status >= 500) deps.onFailure(error);
    const { code, message } = known
      ? error
      : ({ code: 'internal', message: 'this query failed on our side; the log has the cause' } as const);
    deps.onRefusal(code);
    return {
      frames: [],
      meta: {
        resolution: '',
        interval: ('interval' in query && query.interval) || 'auto',
        documents: 0,
        freshness: null,
        notices: [],
      },
      error: { code, title: ERRORS[code].title, detail: message },
    };
  }
}

async function answerAny(query: AnyQuery, context: RequestContext, deps: AnswerDeps): Promise<QueryResult> {
  if (query.type !== 'funnel' && query.type !== 'cohort') return answerParts(query, context, deps);
  const shop = shopOf(query.shop, context.state);
  const rows = rowsContext(query, { ...context, shop, range: context.request.range }, deps);
  return query.type === 'funnel' ? answerFunnel(query, rows, deps) : answerCohort(query, rows, deps);
}

async function answerParts(
  asked: AskedQuery,
  context: RequestContext,
  deps: AnswerDeps,
): Promise<QueryResult> {
  const queries = splitQuery(asked);
  if (queries.length === 1) return (await answerQuery(queries[0]!, context, deps)).result;
  const answer = async (query: MetricQuery, leading?: readonly string[]) => {
    try {
      return { query, ...(await answerQuery(query, context, deps, leading)) };
    } catch (error) {
      if (!(error instanceof ExporterError)) throw error;
      const detail = `${query.metric} of ${query.shop}: ${error.message}`;
      throw new ExporterError(error.code, detail, { cause: error });
    }
  };
  const leaders = new Map<string, ReturnType<typeof answer>>();
  const parts = queries.map(async (query) => {
    const leader = asked.groupsOf === 'first' ? leaders.get(query.shop) : undefined;
    if (leader) return answer(query, (await leader).groups);
    const own = answer(query);
    leaders.set(query.shop, own);
    return own;
  });
  return joinParts(asked, await Promise.all(parts));
}

/** An answer, and the groups that it has. */
interface AnsweredQuery {
  readonly result: QueryResult;
  readonly groups: readonly string[];
}

/** @param leading groups of another metric that this answer is to have too */
async function answerQuery(
  query: MetricQuery,
  { request, state, now, allowance }: RequestContext,
  deps: AnswerDeps,
  leading?: readonly string[],
): Promise<AnsweredQuery> {
  const shop = shopOf(query.shop, state);
  const resolved = resolveQuery(deps.catalog, query, deps.depth?.tables);
  const calendar = deps.calendarOf(shop.timeZone);
  const context = {
    range: readRange(query.range ?? request.range, now, { calendar, weekStart: shop.weekStart }),
    maxDataPoints: query.maxDataPoints ?? request.maxDataPoints ?? DEFAULT_MAX_DATA_POINTS,
    shop,
    calendar,
    now,
    factsVersion: state.factsVersion,
    until: knownUntil(state.freshness.get(shop.shop), now),
    isBehind: state.merging.backlog !== undefined,
    counted: state.counted,
    inOrder: state.inOrder,
    firstDay: () => state.firstDayOf(shop.shop),
    allowance,
  };
  const converted = await findConversion(query, { ...context, calendar }, deps.store);
  const money = { ...shop, shownIn: converted?.shownIn };
  const place = { shop: money, calendar, now, allowance, range: context.range, leading };
  const answered = await readQuery(resolved, context, deps, async (reading) => ({
    ...(await deps.pacer.run(frameOf(resolved, reading, place), allowance)),
    unknown: await describeUnknownValues(resolved, deps, allowance),
    reading,
  }));
  const { plan, unmerged, resolution, documents, readMs, readAt, lake, held } = answered.reading;
  const isOverdue = unmerged.some((window) => window.isOverdue);
  // Facts and rows wait for no merging.
  const waiting = resolution === 'facts' || lake ? [] : describeWaiting(plan, isOverdue, state.merging);
  const compared = await compareWithEarlier(resolved, context, answered, deps);
  const frames = await nameValues(
    [...compared.frames, ...answered.more],
    { shop: shop.shop, groups: answered.input.groups, dimensions: resolved.split.dimensions },
    deps,
    allowance,
  );
  const notices = [
    ...(converted ? [converted.notice] : []),
    ...plan.notices,
    ...(await describeSince(resolved, context.range, deps.store)),
    ...describeIgnored(query),
    ...answered.unknown,
    ...waiting,
    ...answered.notices,
    ...compared.notices,
  ];
  const result: QueryResult = {
    frames,
    meta: {
      resolution,
      interval: plan.interval,
      timeZone: shop.timeZone,
      ...(converted ? { conversions: [converted.told] } : {}),
      documents: documents + compared.documents,
      readMs: Math.round(readMs),
      readAt,
      ...(lake ? { source: 'lake', lake } : {}),
      ...(held ? describeHeld(held, answered.frame) : {}),
      freshness: state.freshness.get(shop.shop) ?? null,
      notices,
    },
  };
  return { result, groups: answered.input.groups.map(({ value }) => value) };
}

/** What of an answer can be held. How far estimates may be off is told of all of a range, so nothing of one with estimates. */
function describeHeld(
  { marks, answeredFrom }: NonNullable<Reading['held']>,
  { meta }: Frame,
): Pick<QueryResult['meta'], 'held' | 'answeredFrom'> {
  const { relativeError } = (meta?.custom ?? {}) as { relativeError?: number };
  return {
    ...(marks.length > 0 && relativeError === undefined ? { held: [...marks] } : {}),
    ...(answeredFrom === undefined ? {} : { answeredFrom }),
  };
}

interface FrameContext {
  readonly shop: ShopMoney;
  readonly calendar: ZoneCalendar;
  readonly now: number;
  readonly range: TimeRange;
  readonly allowance: Allowance;
  readonly leading: readonly string[] | undefined;
}

function* frameOf(
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

function shopOf(name: string, { shops }: RequestState): Shop {
  const shop = shops.get(name);
  if (!shop) throw unknownShop(name, [...shops.values()]);
  return shop;
}

/** The error for a shop that is not among `shops`, naming some that are. */
export function unknownShop(shop: string, shops: readonly Shop[]): ExporterError {
  const known = shops.slice(0, MAX_NAMED_SHOPS).map((each) => each.shop);
  return new ExporterError(
    'unknown_shop',
    `there is no shop "${shop}"; ${known.length > 0 ? `there are ${known.join(', ')}` : 'there are none yet'}`,
  );
}
