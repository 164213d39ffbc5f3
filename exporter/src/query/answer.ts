import type {
  AnyQuery,
  AskedQuery,
  Catalog,
  Frame,
  MetricQuery,
  QueryRequest,
  QueryResponse,
  QueryResult,
  Shop,
  ZoneCalendar,
} from '@storepulse/contracts';
import { ERRORS, type ErrorCode, ExporterError } from '../errors.ts';
import type { MetricStore } from '../store/store.ts';
import type { Allowance } from '../work/allowance.ts';
import type { AnswerCache } from './answer-cache.ts';
import { answerCohort } from './answer-cohort.ts';
import { answerFunnel } from './answer-funnel.ts';
import { compareWithEarlier } from './compare-with-earlier.ts';
import { findConversion } from './conversion.ts';
import { frameOf } from './framing.ts';
import { describeWaiting, knownUntil } from './known.ts';
import { nameValues } from './name-values.ts';
import { readQuery } from './read-query.ts';
import { readRange } from './read-time.ts';
import type { Reading, ReadingDeps } from './reading.ts';
import { type Answered, createRecall } from './recall.ts';
import { describeIgnored, describeSince, describeUnknownValues } from './remarks.ts';
import type { RequestState } from './request-state.ts';
import { resolveQuery } from './resolve.ts';
import { rowsContext } from './rows-context.ts';
import { checkParts, joinParts, splitQuery } from './several.ts';

const DEFAULT_MAX_DATA_POINTS = 1_000;
const MAX_NAMED_SHOPS = 20;

/** What answering depends on. */
export interface AnswerDeps extends ReadingDeps {
  /** Answers that are given again while nothing of theirs changes. */
  readonly answers: AnswerCache<Answered>;
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
  const recall = createRecall(resolved, place, deps);
  const answered = await readQuery(
    resolved,
    context,
    deps,
    async (reading, look) => {
      const framed = await deps.pacer.run(frameOf(resolved, reading, place), allowance);
      const { frame, more, notices } = framed;
      const { grouped: _, ...told } = reading;
      const answer = { frame, more, notices, groups: framed.input.groups, reading: told };
      const toCompare = query.compareTo === undefined ? {} : { toCompare: framed };
      return recall.keep({ ...answer, ...toCompare, unmet: resolved.unmet() }, look);
    },
    recall.find,
  );
  const unmet = () => answered.unmet;
  const unknown = await describeUnknownValues({ ...resolved, unmet }, deps, allowance);
  const { plan, unmerged, resolution, documents, readMs, readAt, lake, held } = answered.reading;
  const isOverdue = unmerged.some((window) => window.isOverdue);
  // Facts and rows wait for no merging.
  const waiting = resolution === 'facts' || lake ? [] : describeWaiting(plan, isOverdue, state.merging);
  const compared = answered.toCompare
    ? await compareWithEarlier(resolved, context, { ...answered.toCompare, reading: answered.reading }, deps)
    : { frames: [answered.frame], notices: [], documents: 0 };
  const frames = await nameValues(
    [...compared.frames, ...answered.more],
    { shop: shop.shop, groups: answered.groups, dimensions: resolved.split.dimensions },
    deps,
    allowance,
  );
  const notices = [
    ...(converted ? [converted.notice] : []),
    ...plan.notices,
    ...(await describeSince(resolved, context.range, deps.store)),
    ...describeIgnored(query),
    ...unknown,
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
  return { result, groups: answered.groups.map(({ value }) => value) };
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
