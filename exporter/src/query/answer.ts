import type {
  Catalog,
  MetricQuery,
  QueryRequest,
  QueryResponse,
  QueryResult,
  Shop,
  ZoneCalendar,
} from '@storepulse/contracts';
import { ERRORS, ExporterError } from '../errors.ts';
import { factsVersionOf } from '../facts/version.ts';
import type { MetricStore } from '../store/store.ts';
import { type FrameInput, seriesFrame, tableFrame } from './frames.ts';
import { type Freshness, freshnessByShop } from './freshness.ts';
import { describeIncomplete, describeWaiting, knownBuckets, knownUntil } from './known.ts';
import { isMergeSilent, mergeBacklog } from './merging.ts';
import type { Notice, Plan } from './plan.ts';
import { MAX_POINTS, type ReadingDeps, readQuery } from './reading.ts';
import { type ResolvedQuery, resolveQuery } from './resolve.ts';
import { topGroups } from './top-groups.ts';
import { bucketsWith } from './unmerged.ts';

/** Groups of an answer when the query sets no limit: what a graph can show, what a table can hold. */
const DEFAULT_LIMIT = { time_series: 100, table: 1_000 } as const;
const DEFAULT_MAX_DATA_POINTS = 1_000;
const MAX_NAMED_SHOPS = 20;

/** What answering depends on. */
export interface AnswerDeps extends ReadingDeps {
  readonly catalog: Catalog;
  /** Told with every answer, so that a client knows when its copy of the catalogue is old. */
  readonly catalogVersion: string;
  /** The calendar of an IANA zone. */
  readonly calendarOf: (timeZone: string) => ZoneCalendar;
  /** Wall clock, epoch ms. */
  readonly now: () => number;
  /** Told of failures that are ours. */
  readonly onFailure: (error: unknown) => void;
}

interface RequestContext {
  readonly request: QueryRequest;
  readonly shops: ReadonlyMap<string, Shop>;
  readonly freshness: ReadonlyMap<string, Freshness>;
  readonly now: number;
  /** Changes whenever facts may have changed. */
  readonly factsVersion: string;
  /** Start of a shop's first day with data. */
  readonly firstDayOf: (shop: string) => Promise<number | null>;
  /** Reads how much was counted of windows, once for queries that ask for the same. */
  readonly counted: MetricStore['counted'];
  readonly merging: {
    /** Present while it is more than a moment behind. */
    readonly backlog: Notice | undefined;
    readonly isSilent: boolean;
  };
}

/**
 * Answers all queries of a request; one that fails carries its error and leaves the others alone.
 * @throws {ExporterError} `store_unavailable`, `store_timeout` when not even the shops can be read.
 */
export async function answerRequest(request: QueryRequest, deps: AnswerDeps): Promise<QueryResponse> {
  const [shops, progress, merging] = await Promise.all([
    deps.store.shops(),
    deps.store.progress(),
    deps.store.merging(),
  ]);
  const now = deps.now();
  const context: RequestContext = {
    request,
    shops: new Map(shops.map((shop) => [shop.shop, shop])),
    freshness: freshnessByShop(progress),
    now,
    factsVersion: factsVersionOf(progress),
    firstDayOf: firstDays(deps),
    counted: sharedCounts(deps.store),
    merging: { backlog: mergeBacklog(merging, now), isSilent: isMergeSilent(merging, now) },
  };
  const results = await Promise.all(
    request.queries.map(async (query) => [query.refId, await answerSafely(query, context, deps)] as const),
  );
  return { catalogVersion: deps.catalogVersion, results: Object.fromEntries(results) };
}

/** Reads each shop's first day once, however many queries ask for it. */
function firstDays({ store, catalog }: AnswerDeps): RequestContext['firstDayOf'] {
  const groups = [...catalog.groups.keys()];
  const read = new Map<string, Promise<number | null>>();
  return (shop) => {
    const firstDay = read.get(shop) ?? store.firstDay(shop, groups);
    read.set(shop, firstDay);
    return firstDay;
  };
}

function sharedCounts(store: MetricStore): MetricStore['counted'] {
  const read = new Map<string, ReturnType<MetricStore['counted']>>();
  return (selection) => {
    const key = JSON.stringify(selection);
    const counted = read.get(key) ?? store.counted(selection);
    read.set(key, counted);
    return counted;
  };
}

async function answerSafely(
  query: MetricQuery,
  context: RequestContext,
  deps: AnswerDeps,
): Promise<QueryResult> {
  try {
    return await answerQuery(query, context, deps);
  } catch (error) {
    const known = error instanceof ExporterError;
    if (!known || ERRORS[error.code].status >= 500) deps.onFailure(error);
    const { code, message } = known
      ? error
      : ({ code: 'internal', message: 'this query failed on our side; the log has the cause' } as const);
    return {
      frames: [],
      meta: {
        resolution: '',
        interval: query.interval ?? 'auto',
        documents: 0,
        freshness: null,
        notices: [],
      },
      error: { code, title: ERRORS[code].title, detail: message },
    };
  }
}

async function answerQuery(
  query: MetricQuery,
  { request, shops, freshness, now, factsVersion, firstDayOf, counted, merging }: RequestContext,
  deps: AnswerDeps,
): Promise<QueryResult> {
  const shop = shops.get(query.shop);
  if (!shop) throw unknownShop(query.shop, [...shops.values()]);
  const resolved = resolveQuery(deps.catalog, query);
  const context = {
    range: query.range ?? request.range,
    maxDataPoints: query.maxDataPoints ?? request.maxDataPoints ?? DEFAULT_MAX_DATA_POINTS,
    shop,
    calendar: deps.calendarOf(shop.timeZone),
    now,
    factsVersion,
    until: knownUntil(freshness.get(shop.shop), now),
    isBehind: merging.backlog !== undefined,
    counted,
    firstDay: () => firstDayOf(shop.shop),
  };
  const { plan, rows, covered, unmerged, ...reading } = await readQuery(resolved, context, deps);
  const overdue = unmerged.filter(({ isOverdue }) => isOverdue);
  const { incompleteFrom, notices } = describeIncomplete(
    plan,
    reading.until,
    bucketsWith(plan.buckets, overdue),
    context.calendar,
  );
  // Facts wait for no merging.
  const waiting = reading.resolution === 'facts' ? [] : describeWaiting(plan, overdue.length > 0, merging);
  const top = topOf(resolved, rows, plan);
  const frame: FrameInput = {
    refId: query.refId,
    metric: resolved.metric,
    parts: resolved.parts,
    shop,
    dimension: query.groupBy === undefined ? undefined : resolved.dimension,
    groups: top.groups,
    buckets: plan.buckets,
    known: knownBuckets(plan.buckets, covered, bucketsWith(plan.buckets, unmerged), reading),
    incompleteFrom,
  };
  return {
    frames: [query.format === 'table' ? tableFrame(frame) : seriesFrame(frame, timesOf(plan, now))],
    meta: {
      resolution: reading.resolution,
      interval: plan.interval,
      timeZone: shop.timeZone,
      documents: reading.documents,
      readMs: Math.round(reading.readMs),
      readAt: reading.readAt,
      freshness: freshness.get(shop.shop) ?? null,
      notices: [...plan.notices, ...waiting, ...notices, ...top.notices],
    },
  };
}

function topOf(
  { query, metric, parts, dimension }: ResolvedQuery,
  rows: Parameters<typeof topGroups>[0],
  plan: Plan,
) {
  if (query.groupBy === undefined) {
    const [total] = rows.values();
    return { groups: [{ value: metric.name, row: total ?? [] }], notices: [] };
  }
  const limit = query.limit ?? DEFAULT_LIMIT[query.format ?? 'time_series'];
  const { groups, folded } = topGroups(rows, metric, parts, limit, dimension?.ordered);
  const points = groups.length * plan.buckets.length;
  if (points > MAX_POINTS) {
    throw new ExporterError(
      'too_many_points',
      `${groups.length} groups × ${plan.buckets.length} buckets are more than ${MAX_POINTS} points: ` +
        'set a lower limit, a longer interval or a shorter range',
    );
  }
  const guarded = folded > 0 && query.limit === undefined;
  const text = `The ${limit} greatest of ${limit + folded} values are shown, the rest as other: set a limit to see more or fewer.`;
  const notices: Notice[] = guarded ? [{ severity: 'info', text }] : [];
  return { groups, notices };
}

/** A point's time is its bucket's start; the lifetime's is the range's end, or now. */
function timesOf(plan: Plan, now: number): number[] {
  return plan.interval === 'all' ? [now] : plan.buckets.map((bucket) => bucket.from);
}

/** The error for a shop that is not among `shops`, naming some that are. */
export function unknownShop(shop: string, shops: readonly Shop[]): ExporterError {
  const known = shops.slice(0, MAX_NAMED_SHOPS).map((each) => each.shop);
  return new ExporterError(
    'unknown_shop',
    `there is no shop "${shop}"; ${known.length > 0 ? `there are ${known.join(', ')}` : 'there are none yet'}`,
  );
}
