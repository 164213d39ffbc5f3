import assert from 'node:assert/strict';
import {
  catalog,
  type Fact,
  type FactsRequest,
  type FactsResponse,
  type Frame,
  type MetricSpec,
  type QueryFilter,
  type QueryResponse,
  type QueryResult,
  type Shop,
  timeDimensions,
  zoneCalendar,
} from '@storepulse/contracts';
import type { Depth } from '@storepulse/exporter/depth/depth';
import { appOver } from '@storepulse/exporter/testing/app';
import { createMemoryStore } from '@storepulse/exporter/testing/memory-store';
import fc from 'fast-check';
import { type LoggedEvent, lakeOfLog, placedIn } from '../warehouse/lake-of-events.ts';
import { type BruteForce, bruteForce, onceEach } from './brute-force.ts';
import { depthOf, type TestDepth } from './depth-of.ts';

/** A query of one table. */
export interface Asked {
  readonly metric: string;
  readonly groupBy: readonly string[];
  readonly filters: readonly QueryFilter[];
  readonly range: { readonly from: number; readonly to: number };
}

/** The exporter's API over a shop's lake, without a cell, and brute force over the same events. */
export interface OverLake extends TestDepth {
  readonly oracle: BruteForce;
  readonly until: number;
  ask(queries: readonly object[], range: { from: number; to: number }): Promise<QueryResult[]>;
  close(): Promise<void>;
}

/** Writes a shop's events into a lake and opens the API over it. */
export async function overLake(
  folder: string,
  shop: Shop,
  events: readonly LoggedEvent[],
): Promise<OverLake> {
  const placed = placedIn(events);
  const until = Math.max(...events.map(({ event }) => event.eventTime)) - 3_600_000;
  const opened = await depthOf(folder, shop, until);
  await opened.load(await lakeOfLog(folder, new Map([[shop.shop, shop]]), placed));
  const calendar = zoneCalendar(shop.timeZone);
  return {
    ...opened,
    until,
    oracle: bruteForce(onceEach(placed), until, calendar),
    ask: asker(shop, opened.depth, until),
    close: () => opened.depth.close(),
  };
}

/** Asks the exporter's API over a shop's rows, without a cell. */
export function asker(shop: Shop, depth: Depth, until: number): OverLake['ask'] {
  return async (queries, range) => {
    const asked = queries.map((query, i) => ({ refId: `${i}`, shop: shop.shop, ...query }));
    const { results } = await post<QueryResponse>(shop, depth, until, 'query', { range, queries: asked });
    return asked.map(({ refId }) => results[refId]!);
  };
}

/** All pages of the facts behind a figure. */
export async function allFacts(
  shop: Shop,
  depth: Depth,
  until: number,
  request: Omit<FactsRequest, 'shop'>,
): Promise<{ facts: Fact[]; pages: FactsResponse[] }> {
  const pages: FactsResponse[] = [];
  for (let cursor: string | null = null; pages.length === 0 || cursor !== null; cursor = pages.at(-1)!.next)
    pages.push(
      await post(shop, depth, until, 'query/facts', {
        ...{ shop: shop.shop, ...request },
        ...(cursor === null ? {} : { cursor }),
      }),
    );
  return { facts: pages.flatMap(({ facts }) => facts), pages };
}

async function post<T>(shop: Shop, depth: Depth, until: number, path: string, payload: object): Promise<T> {
  const progress = [
    { offsets: { transactions: 1 }, watermarks: { [shop.shop]: until }, latest: { [shop.shop]: until } },
  ];
  const store = createMemoryStore({ shops: [shop], documents: [], progress });
  const app = await appOver(store, until + 7_200_000, depth);
  const response = await app.inject({ method: 'POST', url: `/api/v1/${path}`, payload });
  await app.close();
  assert.equal(response.statusCode, 200, response.body);
  return response.json() as T;
}

/** Values that filters name: of each dimension some that there are. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  country: ['GB', 'FR', 'DE', 'unknown'],
  device: ['mobile', 'desktop', 'other'],
  channel: ['direct', 'email', 'social'],
  payment_method: ['card', 'paypal'],
  step: ['address', 'payment'],
  level: ['error', 'info'],
  weekday: ['Saturday', 'Sunday'],
  hour_of_day: ['9', '10', '11', '12', '20'],
};
const PATTERNS = ['.*e.*', '[A-M].*', 'x'];

/** Queries that need two dimensions or more, at random. */
export function randomQueries({ depth }: TestDepth, begin: number, end: number): fc.Arbitrary<Asked> {
  const metrics = [...catalog.metrics.values()].filter(
    (metric) =>
      metric.kind !== 'quantile' &&
      catalog.partsOf(metric).every(({ kind }) => kind === 'stored') &&
      depth.tables.dimensionsOf(metric).length > 1,
  );
  const hour = 3_600_000;
  const hours = Math.floor((end - begin) / hour);
  return fc.constantFrom(...metrics).chain((metric) => {
    const dimensions = depth.tables.dimensionsOf(metric);
    const any = fc.constantFrom(...dimensions, ...timeDimensions.keys());
    return fc.record({
      metric: fc.constant(metric.name),
      groupBy: fc
        .tuple(
          fc.subarray([...dimensions], { minLength: 2, maxLength: 2 }),
          fc.subarray([...timeDimensions.keys()], { maxLength: 1 }),
        )
        .map(([own, ofTime]) => [...own, ...ofTime]),
      filters: fc.array(any.chain(filterOn), { maxLength: 2 }),
      range: fc
        .tuple(fc.integer({ min: 0, max: hours }), fc.integer({ min: 1, max: hours }))
        .map(([from, length]) => ({
          from: begin + from * hour,
          to: begin + (from + length) * hour,
        })),
    });
  });
}

function filterOn(dimension: string): fc.Arbitrary<QueryFilter> {
  const values = VALUES[dimension];
  const pattern = fc.record({
    dimension: fc.constant(dimension),
    operator: fc.constantFrom('=~' as const, '!~' as const),
    values: fc.constantFrom(...PATTERNS).map((text) => [text]),
  });
  const exists: fc.Arbitrary<QueryFilter> = fc.constant({ dimension, operator: 'exists', values: [] });
  if (!values) return fc.oneof(pattern, exists);
  const some = fc.record({
    dimension: fc.constant(dimension),
    operator: fc.constantFrom('in' as const, 'not_in' as const),
    values: fc.subarray([...values], { minLength: 1 }),
  });
  const one = fc.record({
    dimension: fc.constant(dimension),
    operator: fc.constantFrom('=' as const, '!=' as const),
    values: fc.constantFrom(...values).map((value) => [value]),
  });
  return fc.oneof(some, one, pattern, exists);
}

/** What a filter keeps, said once more. */
export function keepsValue({ operator, values }: QueryFilter, value: string): boolean {
  if (operator === 'exists') return value !== 'unknown';
  if (operator === '=~') return new RegExp(`^(?:${values[0]})$`, 's').test(value);
  if (operator === '!~') return !new RegExp(`^(?:${values[0]})$`, 's').test(value);
  return values.includes(value) === (operator === 'in' || operator === '=');
}

/** Groups that an answer may have beside `other`. */
const MOST_GROUPS = 1_000;

/** Asks tables and compares each with brute force. @returns how many numbers were compared */
export async function assertAsBruteForce(
  over: OverLake,
  shop: Shop,
  asked: readonly Asked[],
): Promise<number> {
  const queries = asked.map((query) => ({ ...query, format: 'table', limit: MOST_GROUPS }));
  const results = await over.ask(queries, asked[0]!.range);
  let compared = 0;
  asked.forEach((query, i) => {
    const metric = catalog.metrics.get(query.metric)!;
    const keeps = (tells: (dimension: string) => string) =>
      query.filters.every((filter) => keepsValue(filter, tells(filter.dimension)));
    const expected = over.oracle.table(metric, query.groupBy, query.range, keeps);
    assert.equal(results[i]!.error, undefined, JSON.stringify({ query, error: results[i]!.error }));
    const shown = toMap(results[i]!.frames[0]!, query.groupBy.length);
    foldRest(metric, expected, shown, query.groupBy.length);
    for (const group of new Set([...expected.keys(), ...shown.keys()])) {
      const told = toMinor(metric, shown.get(group) ?? null, shop);
      const right = expected.get(group) ?? null;
      // A group of which nothing is counted may be told as zero, or not at all.
      const isSame = (told ?? 0) === (right ?? 0) || Math.abs(told! - right!) <= 1e-9 * Math.abs(right!);
      assert.ok(isSame, `${JSON.stringify(query)}: ${group} is ${told}, and should be ${right}`);
      compared++;
    }
  });
  return compared;
}

/** Beyond a thousand groups an answer has the rest as `other`: so has what is expected then, where rest and figure add up. */
function foldRest(
  metric: MetricSpec,
  expected: Map<string, number | null>,
  shown: Map<string, number | null>,
  width: number,
): void {
  if (shown.size <= MOST_GROUPS) return;
  const other = Array.from({ length: width }, () => 'other').join('|');
  const rest = [...expected.keys()].filter((group) => group === other || !shown.has(group));
  assert.equal(expected.size - rest.length, MOST_GROUPS);
  const sum = rest.reduce((total, group) => total + (expected.get(group) ?? 0), 0);
  for (const group of rest) expected.delete(group);
  const addsUp = metric.kind === 'derived' || (metric.kind === 'stored' && /count|sum/.test(metric.measure));
  if (addsUp) expected.set(other, sum);
  else shown.delete(other);
}

function toMap(frame: Frame, groups: number): Map<string, number | null> {
  const labels = frame.fields.slice(0, groups).map(({ values }) => values);
  const numbers = frame.fields[groups]!.values as (number | null)[];
  return new Map(numbers.map((number, row) => [labels.map((values) => values[row]).join('|'), number]));
}

/** As it is stored: money in minor units. Durations are told in seconds or milliseconds as they are stored. */
function toMinor({ unit, kind }: MetricSpec, shown: number | null, { scale }: Shop): number | null {
  if (shown === null || unit !== 'money') return shown;
  const minor = shown * 10 ** scale;
  return kind === 'ratio' ? minor : Math.round(minor);
}
