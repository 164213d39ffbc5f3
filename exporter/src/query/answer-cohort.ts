import {
  COHORT_DIMENSIONS,
  type CohortQuery,
  calendarLabel,
  type Frame,
  type FrameField,
  type QueryResult,
} from '@storepulse/contracts';
import type { Depth, DepthState } from '../depth/depth.ts';
import { type Cohort, foldCohorts } from '../facts/fold-cohorts.ts';
import type { Circumstances } from '../facts/rows.ts';
import type { Steps } from '../work/pacer.ts';
import type { AnswerDeps } from './answer.ts';
import { bucketsOf, type TimeRange } from './buckets.ts';
import { COST_OF_ROWS, costOfFacts } from './cost.ts';
import { possible } from './plan.ts';
import { reachOf } from './read-lake.ts';
import { POINT_BYTES } from './reading.ts';
import { type RowFilters, readRowFilters } from './row-filters.ts';
import { describeUnmet, type RowsContext, type RowsMeta, rowsMeta } from './rows-context.ts';

const DEFAULT_MONTHS = 12;
const FIELD_OF: Readonly<Record<string, keyof Circumstances>> = {
  country: 'country',
  device: 'device',
  channel: 'channel',
  payment_method: 'paymentMethod',
};

/** Answers a cohort query: a row for each first month, a column for each month since. */
export async function answerCohort(
  query: CohortQuery,
  context: RowsContext,
  deps: AnswerDeps,
): Promise<QueryResult> {
  const { allowance } = context;
  const filters = readRowFilters(deps.catalog, query.filters ?? [], 'customers', COHORT_DIMENSIONS);
  const columns = query.months ?? DEFAULT_MONTHS;
  const { depth } = deps;
  const { cost, read } = depth?.state()
    ? cohortsOfLake(filters, context, depth, await depth.current(allowance.signal))
    : cohortsOfFacts(filters, context, deps);
  return deps.admission.admit(cost, allowance.signal, async () => {
    const { months, rows } = await deps.pacer.run(monthsOf(context), allowance);
    allowance.hold(2 * rows * (columns + 2) * POINT_BYTES);
    const { cohorts, until, ...told } = await read({ months, rows, columns });
    const frames = cohortFrames(query.refId, { cohorts, months, columns, until }, context);
    const notices = [...incompleteNotices(frames, context), ...(await describeUnmet(filters, context, deps))];
    return { frames, meta: rowsMeta(context, { interval: '1M', ...told, notices }) };
  });
}

/** Which cohorts are asked for. */
interface CohortsAsked {
  /** Without holes. */
  readonly months: readonly TimeRange[];
  /** How many of them are first months. */
  readonly rows: number;
  /** Months after the first one. */
  readonly columns: number;
}

/** Counts cohorts. */
interface CohortReading {
  /** What it costs. */
  readonly cost: number;
  read(
    asked: CohortsAsked,
  ): Promise<
    Pick<CohortTable, 'cohorts' | 'until'> &
      Pick<RowsMeta, 'resolution' | 'documents' | 'readMs' | 'readAt' | 'lake'>
  >;
}

function cohortsOfFacts(filters: RowFilters, context: RowsContext, deps: AnswerDeps): CohortReading {
  const { shop, state, allowance } = context;
  const isKept = deps.snapshots.isKept(shop.shop, 'customers', state.factsVersion);
  return {
    cost: costOfFacts(isKept),
    read: async ({ months, rows, columns }) => {
      const { content, documents, readMs, readAt, until } = await deps.snapshots.get(
        ...([shop.shop, 'customers', state.factsVersion, context.until, allowance.signal] as const),
      );
      const steps = foldCohorts(content, months, {
        ...{ rows, columns },
        keeps: ({ first }) => filters.keeps((name) => first[FIELD_OF[name]!]),
      });
      const cohorts = await deps.pacer.run(steps, allowance);
      return { cohorts, until, resolution: 'facts', documents, readMs: Math.round(readMs), readAt };
    },
  };
}

function cohortsOfLake(
  filters: RowFilters,
  { shop, until, allowance }: RowsContext,
  depth: Depth,
  state: DepthState,
): CohortReading {
  return {
    cost: COST_OF_ROWS,
    read: async (asked) => {
      const began = performance.now();
      const question = { shop: shop.shop, ...asked, filters: filters.each };
      const { cohorts, rows: documents } = await depth.cohorts(question, allowance.signal);
      const lake = reachOf(state, Math.min(until, state.until.get(shop.shop) ?? 0));
      const readMs = Math.round(performance.now() - began);
      const { readAt } = state;
      return { cohorts, until: lake.until, resolution: 'lake', documents, readMs, readAt, lake };
    },
  };
}

/** The months from the first one that is asked for until now, and how many of them are asked for as first ones. */
function* monthsOf(context: RowsContext): Steps<{ months: TimeRange[]; rows: number }> {
  const { from, to } = possible(context);
  if (from >= to) return { months: [], rows: 0 };
  const shop = { calendar: context.calendar, weekStart: context.shop.weekStart };
  const months = yield* bucketsOf({ from, to: context.now }, '1M', shop);
  return { months, rows: months.filter((month) => month.from < to).length };
}

interface CohortTable {
  readonly cohorts: readonly Cohort[];
  readonly months: readonly TimeRange[];
  readonly columns: number;
  /** Everything before it has been counted, epoch ms. */
  readonly until: number;
}

/** A table of counts and one of shares. */
function cohortFrames(refId: string, table: CohortTable, { calendar }: RowsContext): Frame[] {
  const { months, columns, until } = table;
  // Months before the first customer are no cohorts; a month without new customers between others is one of zero.
  const begun = table.cohorts.findIndex(({ ordered }) => ordered[0]! > 0);
  const rows = begun < 0 ? [] : table.cohorts.slice(begun);
  /** Customers of a row in a month; null where nothing is known of that month yet. */
  const countOf = ({ first, ordered }: Cohort, since: number): number | null => {
    const isKnown = (months[first + since]?.from ?? until) < until;
    return ordered[since]! > 0 || isKnown ? ordered[since]! : null;
  };
  const openFrom = months.findIndex(({ to }) => to > until);
  /** Of each row: the first month since that goes on, or waits to be counted. */
  const incompleteSince = rows.map(({ first }) =>
    openFrom < 0 || openFrom - first > columns ? null : Math.max(0, openFrom - first),
  );
  const begins = rows.flatMap(({ first }, row) => {
    const since = incompleteSince[row];
    return typeof since === 'number' ? months[first + since]!.from : [];
  });
  const custom = {
    ...{ type: 'cohort', incompleteSince },
    ...(begins.length === 0 ? {} : { incompleteFrom: Math.min(...begins) }),
  };
  const label = calendarLabel('1M', calendar)!;
  const cohort: FrameField = {
    ...{ name: 'cohort', type: 'string' },
    config: {
      displayName: 'First order in',
      description: 'Month of the first order, by the shop’s calendar',
    },
    values: rows.map(({ first }) => label(months[first]!.from)),
  };
  const customers: FrameField = {
    ...{ name: 'customers', type: 'number' },
    config: { displayName: 'Customers', unit: 'short', decimals: 0 },
    values: rows.map((row) => countOf(row, 0)),
  };
  const columnOf = (since: number, isShare: boolean): FrameField => ({
    ...{ name: `month_${since}`, type: 'number', labels: { months_since: `${since}` } },
    config: {
      displayName: `Month ${since}`,
      ...(isShare ? { unit: 'percentunit', decimals: 1 } : { unit: 'short', decimals: 0 }),
    },
    values: rows.map((row) => {
      const count = countOf(row, since);
      if (!isShare || count === null) return count;
      return row.ordered[0] === 0 ? null : count / row.ordered[0]!;
    }),
  });
  return [false, true].map((isShare) => ({
    name: isShare ? 'Cohorts (share of customers)' : 'Cohorts',
    refId,
    fields: [
      ...[cohort, customers],
      ...Array.from({ length: columns + 1 }, (_, since) => columnOf(since, isShare)),
    ],
    meta: {
      ...{ type: 'numeric-long', typeVersion: [0, 1] },
      custom: isShare ? { ...custom, compared: 'share' } : custom,
    },
  }));
}

function incompleteNotices(
  frames: readonly Frame[],
  { calendar }: RowsContext,
): QueryResult['meta']['notices'] {
  const { incompleteFrom } = frames[0]!.meta!.custom as { incompleteFrom?: number };
  if (incompleteFrom === undefined) return [];
  const text = `From ${calendarLabel('1M', calendar)!(incompleteFrom)} on months are not complete yet.`;
  return [{ severity: 'info', text }];
}
