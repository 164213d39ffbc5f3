import assert from 'node:assert/strict';
import {
  catalog,
  type Frame,
  type MetricSpec,
  type QueryFilter,
  type QueryResponse,
  type QueryResult,
  type Shop,
  type StoreEvent,
} from '@storepulse/contracts';
import type { Depth } from '@storepulse/exporter/depth/depth';
import { appOver } from '@storepulse/exporter/testing/app';
import { createMemoryStore } from '@storepulse/exporter/testing/memory-store';
import { makeShop } from '@storepulse/exporter/testing/shops';
import fc from 'fast-check';
import { type LoggedEvent, lakeOfLog, placedIn } from '../warehouse/lake-of-events.ts';
import { keepsValue } from './asked.ts';
import { onceEach } from './brute-force.ts';
import { type ByHand, customersByHand } from './customers-by-hand.ts';
import { depthOf, type TestDepth } from './depth-of.ts';
import { BEGIN, factsOf, LENGTH, randomLives } from './lives.ts';

/** Now, and how far the rows reach. */
export const NOW = BEGIN + LENGTH;

/** A shop whose customers can be asked about of the fold over facts, and of the rows of the lake. */
export interface AskedShop {
  readonly shop: Shop;
  /** Each counted once. */
  readonly events: readonly StoreEvent[];
  readonly byHand: ByHand;
  readonly fold: Ask;
  readonly lake: Ask;
  close(): Promise<void>;
}
/** Asks queries in one request. */
export type Ask = (queries: readonly object[]) => Promise<QueryResult[]>;

/** Random shops in one lake. */
export interface AskedShops extends TestDepth {
  readonly shops: readonly AskedShop[];
  readonly events: ReadonlyMap<string, readonly LoggedEvent[]>;
  close(): Promise<void>;
}

const ZONES = ['Europe/London', 'Pacific/Auckland', 'America/New_York', 'UTC'];

/** Makes random shops, their lake in a folder, and the API over both. */
export async function askedShops(folder: string, count: number, seed: number): Promise<AskedShops> {
  const shops = Array.from({ length: count }, (_, i) =>
    makeShop({ shop: `shop-${i}`, timeZone: ZONES[i % ZONES.length]!, currency: 'JPY', scale: 0 }),
  );
  const events = randomLives(shops, seed);
  const placed = placedIn([...events.values()].flat());
  const opened = await depthOf(folder, shops, NOW);
  const known = new Map(shops.map((shop) => [shop.shop, shop]));
  await opened.load(await lakeOfLog(folder, known, placed, '2025-01-01'));
  const asked: AskedShop[] = [];
  for (const shop of shops) {
    const own = onceEach(placed.filter(({ event }) => event.shop === shop.shop));
    asked.push(await askedShop(shop, own, opened.depth));
  }
  const close = async () => {
    for (const shop of asked) await shop.close();
    await opened.depth.close();
  };
  return { ...opened, shops: asked, events, close };
}

/**
 * Opens the API over a shop's facts, and over the rows of the lake.
 * @param events each counted once
 * @param count how many facts the store says that it has. @default as many as there are
 */
export async function askedShop(
  shop: Shop,
  events: readonly StoreEvent[],
  depth: Depth,
  count?: number,
): Promise<AskedShop> {
  const progress = [
    { offsets: { transactions: 1 }, watermarks: { [shop.shop]: NOW }, latest: { [shop.shop]: NOW } },
  ];
  const facts = createMemoryStore({ shops: [shop], documents: [], progress, facts: factsOf(events) });
  const store = count === undefined ? facts : { ...facts, factCount: async () => count };
  const apps = [await appOver(store, NOW), await appOver(store, NOW, depth)] as const;
  const asker =
    (app: (typeof apps)[number]): Ask =>
    async (queries) => {
      const asked = queries.map((query, i) => ({ refId: `${i}`, shop: shop.shop, ...query }));
      const payload = { range: { from: BEGIN, to: NOW }, queries: asked };
      const response = await app.inject({ method: 'POST', url: '/api/v1/query', payload });
      assert.equal(response.statusCode, 200, response.body);
      const { results } = response.json() as QueryResponse;
      return asked.map(({ refId }) => results[refId]!);
    };
  return {
    shop,
    events,
    byHand: customersByHand(shop, events, NOW),
    fold: asker(apps[0]),
    lake: asker(apps[1]),
    close: async () => {
      for (const app of apps) await app.close();
    },
  };
}

/** Metrics over facts that the lake tells. */
const METRICS = [...catalog.metrics.values()].filter((metric) =>
  catalog
    .partsOf(metric)
    .every((part) => part.kind === 'fact' && /^(customers|kept_goods|paid_orders)$/.test(part.facts)),
);
const VALUES: Readonly<Record<string, readonly string[]>> = {
  country: ['GB', 'FR', 'Ä', 'unknown'],
  device: ['mobile', 'desktop', 'other', 'unknown'],
  channel: ['direct', 'email'],
  payment_method: ['card', 'paypal'],
  cohort: ['2024-11', '2025-01', '2025-06'],
  segment: ['new', 'loyal', 'champion', 'lost', 'one_time', 'at_risk'],
};

const span = fc
  .tuple(fc.integer({ min: -20, max: 510 }), fc.integer({ min: 1, max: 400 }))
  .map(([day, days]) => ({ from: BEGIN + day * 86_400_000, to: BEGIN + (day + days) * 86_400_000 }));

/** A query of a metric over facts. */
export interface FactQuery {
  readonly metric: string;
  readonly groupBy: string[];
  readonly filters: QueryFilter[];
  readonly range: { from: number; to: number };
}

/** Queries that split by some dimensions. @param most dimensions that are split and filtered by; 1: such as the fold answers */
export function factQueries(depth: Depth, most: 1 | 3): fc.Arbitrary<FactQuery> {
  return fc.constantFrom(...METRICS).chain((metric) => {
    const dimensions = most === 1 ? catalog.dimensionsOf(metric) : depth.tables.dimensionsOf(metric);
    const own = dimensions.filter((name) => VALUES[name]);
    const filterOn = (name: string): fc.Arbitrary<QueryFilter> =>
      fc.record({
        dimension: fc.constant(name),
        operator: fc.constantFrom('in' as const, 'not_in' as const),
        values: fc.subarray([...VALUES[name]!], { minLength: 1 }),
      });
    const split = fc.subarray([...own], { minLength: most === 1 ? 0 : 2, maxLength: most });
    return split.chain((groupBy) =>
      fc.record({
        metric: fc.constant(metric.name),
        groupBy: fc.constant(groupBy),
        filters: fc.array(
          fc
            .constantFrom(
              ...(most === 1 && groupBy.length > 0 ? groupBy : most === 1 ? own.slice(0, 1) : own),
            )
            .chain(filterOn),
          { maxLength: 2 },
        ),
        range: span,
      }),
    );
  });
}

/** Asks the lake, and compares with going over everything by hand. @returns how many numbers were compared */
export async function assertAsByHand(
  { lake, byHand }: AskedShop,
  asked: readonly FactQuery[],
): Promise<number> {
  const results = await lake(asked.map((query) => ({ ...query, format: 'table', limit: 1_000 })));
  let compared = 0;
  asked.forEach((query, i) => {
    const metric = catalog.metrics.get(query.metric) as MetricSpec;
    const keeps = (tells: (dimension: string) => string) =>
      query.filters.every((filter) => keepsValue(filter, tells(filter.dimension)));
    const expected = byHand.table(metric, query.groupBy, query.range, keeps);
    const { error, meta, frames } = results[i]!;
    assert.equal(error, undefined, JSON.stringify({ query, error }));
    assert.equal(meta.source, 'lake', JSON.stringify(query));
    const shown = toMap(frames[0]!, query.groupBy.length);
    for (const group of new Set([...expected.keys(), ...shown.keys()])) {
      const [told, right] = [shown.get(group) ?? 0, expected.get(group) ?? 0];
      const isSame = Math.abs(told - right) <= 1e-9 * Math.abs(right);
      assert.ok(isSame, `${JSON.stringify(query)}: ${group} is ${told}, and should be ${right}`);
      compared += right === 0 ? 0 : 1;
    }
  });
  return compared;
}

function toMap(frame: Frame, groups: number): Map<string, number | null> {
  const labels = frame.fields.slice(0, groups).map(({ values }) => values);
  const numbers = frame.fields[groups]!.values as (number | null)[];
  return new Map(numbers.map((number, row) => [labels.map((values) => values[row]).join('|'), number]));
}

/** What answers are compared by: all but how they came about. */
export const figuresOf = ({ frames, error }: QueryResult) => ({
  error,
  fields: frames.map(({ fields }) => fields.map(({ name, labels, values }) => ({ name, labels, values }))),
});

/**
 * The same without groups of which nothing is told: the fold goes over all customers, and tells a cancelled order twice, once to take it
 * away; so it knows of groups that the lake has nothing of in the range.
 */
export function toldOf(result: QueryResult): ReturnType<typeof figuresOf> {
  const { error, fields } = figuresOf(result);
  const isTold = (value: unknown) => typeof value === 'number' && value !== 0;
  const frames = fields.map((own) => {
    const isTable = own[0]?.name !== 'time' && own.length > 1;
    if (!isTable) return own.filter(({ labels, values }) => labels === undefined || values.some(isTold));
    const keep = own[0]!.values.map((_, row) => own.some(({ values }) => isTold(values[row])));
    return own.map((field) => ({ ...field, values: field.values.filter((_, row) => keep[row]) }));
  });
  return { error, fields: frames };
}
