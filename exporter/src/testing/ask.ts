import {
  type AnyQuery,
  type AskedQuery,
  type CohortQuery,
  catalog,
  type FunnelQuery,
  type QueryRequest,
  type QueryResult,
} from '@storepulse/contracts';
import { answerRequest } from '../query/answer.ts';
import { createAnswering } from '../query/answering.ts';
import type { MetricStore } from '../store/store.ts';
import { DEFAULT_LIMITS, type Limits } from '../work/limits.ts';

/** What queries are asked with. */
interface AskOptions {
  maxVisits?: number;
  range: QueryRequest['range'];
  now?: number;
  maxDataPoints?: number;
  maxFacts?: number;
  limits?: Partial<Limits>;
}

/** Asks one query of a store, with the product's catalogue. */
export async function ask(
  store: MetricStore,
  query: Partial<AskedQuery>,
  options: AskOptions,
): Promise<QueryResult> {
  return (await askAll(store, [query], options))[0]!;
}

/** Asks a funnel or cohorts of a store. */
export async function askRows(
  store: MetricStore,
  query: Omit<FunnelQuery, 'refId' | 'shop'> | Omit<CohortQuery, 'refId' | 'shop'>,
  options: AskOptions,
): Promise<QueryResult> {
  return (await answerAll(store, [{ ...query, refId: '0', shop: 'uk-retail' }], options))[0]!;
}

/** Asks queries in one request. */
export async function askAll(
  store: MetricStore,
  queries: readonly Partial<AskedQuery>[],
  options: AskOptions,
): Promise<QueryResult[]> {
  const asked = queries.map((query, n) => ({
    refId: `${n}`,
    shop: 'uk-retail',
    metric: 'gross_sales',
    ...query,
  }));
  return answerAll(store, asked, options);
}

async function answerAll(
  store: MetricStore,
  queries: AnyQuery[],
  options: AskOptions,
): Promise<QueryResult[]> {
  const { range, now = Date.UTC(2026, 0, 1), maxDataPoints = 1_000, maxFacts, maxVisits, limits } = options;
  const request = { range, maxDataPoints, queries };
  const { deps, allowances } = createAnswering({
    ...{ store, catalog, limits: { ...DEFAULT_LIMITS, ...limits }, now: () => now },
    ...{ onFailure: () => {}, onRefusal: () => {}, catalogVersion: 'test' },
    ...(maxFacts === undefined ? {} : { maxFacts }),
    ...(maxVisits === undefined ? {} : { maxVisits }),
  });
  const allowance = allowances.begin();
  try {
    const { results } = await answerRequest(request, deps, allowance);
    return queries.map(({ refId }) => results[refId]!);
  } finally {
    allowance.end();
  }
}

/** Values of the first number field. */
export function numbers(result: QueryResult): (number | null)[] {
  return fieldOf(result, 'number').values as (number | null)[];
}

/** Times of an answer as ISO text. */
export function times(result: QueryResult): string[] {
  return fieldOf(result, 'time').values.map((time) => new Date(time as number).toISOString());
}

/** Number of the first column by group, from a table. */
export function table(result: QueryResult): Record<string, number | null> {
  const labels = fieldOf(result, 'string').values as string[];
  return Object.fromEntries(labels.map((label, i) => [label, numbers(result)[i] ?? null]));
}

function fieldOf(result: QueryResult, type: 'time' | 'number' | 'string') {
  const field = result.frames[0]?.fields.find((each) => each.type === type);
  if (!field) throw new Error(`no ${type} field in ${JSON.stringify(result)}`);
  return field;
}
