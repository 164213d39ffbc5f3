import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  catalog,
  type EventOf,
  type FactsResponse,
  type QueryResponse,
  type QueryResult,
} from '@storepulse/contracts';
import { appOver } from '@storepulse/exporter/testing/app';
import { createMemoryStore } from '@storepulse/exporter/testing/memory-store';
import fc from 'fast-check';
import { lakeOfLog, placedIn } from '../warehouse/lake-of-events.ts';
import { simulate } from '../warehouse/simulated.ts';
import { streamOf } from '../warehouse/stream.ts';
import { allFacts, asker, assertAsBruteForce, type OverLake, overLake, randomQueries } from './asked.ts';
import { depthOf } from './depth-of.ts';

const MORNING = Date.UTC(2026, 2, 28, 9);
const DAY = 86_400_000;
const { shop, events } = simulate(MORNING, 3_000, 0.03);

let folder: string;
let over: OverLake;
const range = { from: MORNING - DAY, to: MORNING + 3 * DAY };
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'depth-'));
  over = await overLake(folder, shop, events);
});
after(async () => {
  await over?.close();
  await rm(folder, { recursive: true, force: true });
});

test('any two or three dimensions, with any filters, answer what brute force over the events does', async () => {
  const asked = fc.sample(randomQueries(over, MORNING - DAY, MORNING + 3 * DAY), { numRuns: 60, seed: 1 });
  let compared = 0;
  for (let at = 0; at < asked.length; at += 20)
    compared += await assertAsBruteForce(over, shop, asked.slice(at, at + 20));
  assert.ok(compared > 500, `${compared} numbers`);
});

const SEVERAL = [
  { metric: 'net_sales', groupBy: ['country', 'category'], format: 'table' },
  { metric: 'session_conversion', groupBy: ['country', 'device'], format: 'table' },
  { metric: 'buyers', groupBy: ['country', 'device', 'channel'], format: 'table' },
  { metric: 'checkout_latency', groupBy: ['step', 'country'], format: 'table' },
];

test('one dimension has in rows what the stream has in cells', async () => {
  const stream = await streamOf(shop, events);
  try {
    const names = [
      'orders',
      'net_sales',
      'returns',
      'units',
      'sessions',
      'cart_sessions',
      'payment_attempts',
    ];
    for (const metric of names) {
      const query = { metric, groupBy: ['country', 'device'], format: 'table' };
      const [result] = await over.ask([query], range);
      const { fields } = result!.frames[0]!;
      const byCountry = new Map<string, number>();
      fields[0]!.values.forEach((country, i) => {
        const sum = (byCountry.get(String(country)) ?? 0) + Number(fields[2]!.values[i]);
        byCountry.set(String(country), sum);
      });
      const response = await fetch(`${stream.url}/api/v1/query`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          range: { from: '2026-03-27', to: '2026-03-31' },
          queries: [{ refId: 'A', shop: shop.shop, metric, groupBy: 'country', format: 'table' }],
        }),
      });
      const cells = ((await response.json()) as QueryResponse).results.A!.frames[0]!.fields;
      assert.ok(cells[0]!.values.length > 1, metric);
      cells[0]!.values.forEach((country, i) => {
        const [told, right] = [byCountry.get(String(country)) ?? 0, Number(cells[1]!.values[i])];
        assert.ok(
          Math.abs(told - right) < 1e-6,
          `${metric} of ${country}: ${told} in rows, ${right} in cells`,
        );
      });
    }
  } finally {
    await stream.close();
  }
});

test('files that come late, and files that others replace, leave the same rows as all at once', async () => {
  const below = await mkdtemp(join(folder, 'steps-'));
  const shops = new Map([[shop.shop, shop]]);
  const placed = placedIn(events);
  // The later half first: copies of what it tells come before the originals.
  const halves = [placed.slice(placed.length / 2), placed.slice(0, placed.length / 2)];
  const first = await lakeOfLog(below, shops, halves[0]!);
  const second = await lakeOfLog(below, shops, halves[1]!);
  const merged = await lakeOfLog(join(below, 'merged'), shops, placed);
  const moved = merged.map((file) => ({ ...file, _id: join('merged', file._id) }));
  const expected = await over.ask(SEVERAL, range);
  const { depth, load } = await depthOf(below, shop, over.until);
  const ask = asker(shop, depth, over.until);
  try {
    await load(first);
    assert.notDeepEqual(framesOf(await ask(SEVERAL, range)), framesOf(expected));
    await load([...first, ...second]);
    assert.deepEqual(framesOf(await ask(SEVERAL, range)), framesOf(expected));
    await load(moved);
    assert.deepEqual(framesOf(await ask(SEVERAL, range)), framesOf(expected));
    await load(moved.filter(({ type }) => type !== 'order_placed'));
    const [sales] = await ask(
      [{ metric: 'gross_sales', groupBy: ['country', 'category'], format: 'table' }],
      range,
    );
    assert.ok(sales!.meta.documents < expected[0]!.meta.documents, 'what the lake no longer has is gone');
  } finally {
    await depth.close();
  }
});

const framesOf = (results: readonly QueryResult[]) =>
  results.map(({ frames }) =>
    frames.map(({ fields }) => {
      const rows = fields[0]!.values.map((_, row) => JSON.stringify(fields.map(({ values }) => values[row])));
      return rows.sort();
    }),
  );

test('an answer says that it is from the lake, how far that reaches, and where it is incomplete', async () => {
  const query = { metric: 'orders', groupBy: ['country', 'device'], interval: '1h' };
  const [result] = await over.ask([query, { metric: 'orders', groupBy: 'country' }], range);
  const { meta, frames } = result!;
  assert.equal(meta.source, 'lake');
  assert.equal(meta.resolution, 'lake');
  assert.deepEqual(meta.lake, { until: over.until, seamAt: over.until });
  const from = (frames[0]!.meta!.custom as { incompleteFrom: number }).incompleteFrom;
  assert.equal(from, Math.floor(over.until / 3_600_000) * 3_600_000);
});

test('one dimension is answered from cells, whatever the lake has', async () => {
  const [result] = await over.ask([{ metric: 'orders', groupBy: 'country', format: 'table' }], range);
  assert.equal(result!.meta.source, undefined);
});

test('without the lake, the error says what to switch on', async () => {
  const app = await appOver(createMemoryStore({ shops: [shop], documents: [] }));
  const response = await app.inject({
    method: 'POST',
    url: '/api/v1/query',
    payload: {
      range,
      queries: [{ refId: 'A', shop: shop.shop, metric: 'orders', groupBy: ['country', 'device'] }],
    },
  });
  const { error } = (response.json() as QueryResponse).results.A!;
  assert.equal(error!.code, 'unsupported_filter');
  assert.match(error!.detail, /npm start -- --with lake/);
  await app.close();
});

/** Of what there is much. */
const PER_PAGE: Readonly<Record<string, number>> = { product_views: 200, orders: 20, gross_sales: 20 };

test('the facts behind any figure, page by page, add up to it and are its events', async () => {
  const { depth, until, oracle } = over;
  const filters = [
    { dimension: 'country', operator: '=' as const, values: ['GB'] },
    { dimension: 'device', operator: '!=' as const, values: ['tablet'] },
  ];
  const keeps = (tells: (dimension: string) => string) =>
    tells('country') === 'GB' && tells('device') !== 'tablet';
  for (const name of ['orders', 'gross_sales', 'returns', 'converted_sessions', 'buyers', 'product_views']) {
    const metric = catalog.metrics.get(name)!;
    const figure = oracle.table(metric, [], range, keeps).get('') ?? 0;
    const { facts, pages } = await allFacts(shop, depth, until, {
      metric: name,
      filters,
      range,
      limit: PER_PAGE[name] ?? 10,
    });
    const [{ total, measure }] = pages as [FactsResponse];
    assert.equal(total.value, figure, name);
    assert.equal(facts.length, total.facts, name);
    assert.ok(pages.length > 1, `${name} has ${facts.length} facts on ${pages.length} page`);
    if (measure !== 'distinct')
      assert.equal(
        facts.reduce((sum, { adds }) => sum + adds!, 0),
        figure,
        name,
      );
    for (const { dimensions, type, eventId } of facts) {
      assert.ok(keeps((dimension) => dimensions[dimension]!));
      assert.ok(type === 'visit' ? eventId === null : eventId !== null, type);
    }
  }
});

test('the values of a dimension that no cell has are those of the shop’s products and orders', async () => {
  const told = events.map(({ event }) => event);
  const products = told.filter((event) => event.type === 'product_upserted');
  const orders = told.filter((event) => event.type === 'order_placed');
  const all = {
    supplier: products.map(({ supplier }) => supplier),
    brand: products.map(({ brand }) => brand),
    coupon: orders.map(({ coupon }) => coupon),
  };
  const { signal } = new AbortController();
  for (const [dimension, known] of Object.entries(all)) {
    const values = await over.depth.dimensionValues(shop.shop, dimension, signal);
    assert.ok(values.length > 2, `${dimension}: ${values}`);
    for (const value of values) assert.ok(value === 'unknown' || known.includes(value), value);
    assert.deepEqual(await over.depth.dimensionValues('another-shop', dimension, signal), []);
  }
});

test('facts tell the order that they are about, and nothing that tells a person', async () => {
  const [order] = events
    .map(({ event }) => event)
    .filter(({ type }) => type === 'order_placed') as EventOf<'order_placed'>[];
  const { facts } = await allFacts(shop, over.depth, over.until, {
    ...{ metric: 'aov', part: 'gross_sales', limit: 500 },
    range: { from: order!.eventTime - 5_000, to: order!.eventTime + 5_000 },
  });
  const own = facts.filter(({ orderId }) => orderId === order!.orderId);
  assert.equal(own.length, order!.lines.length);
  assert.deepEqual(
    [own[0]!.type, own[0]!.id, own[0]!.eventId],
    ['order_placed', order!.orderId, order!.eventId],
  );
  assert.ok(!JSON.stringify(facts).includes(order!.visitorId));
});

test('facts of a range that ends before it begins are refused: none would look like a figure of zero', async () => {
  const reversed = { from: range.to, to: range.from };
  await assert.rejects(
    allFacts(shop, over.depth, over.until, { metric: 'orders', range: reversed }),
    /invalid_range.*must be before.*exchange them|must be before.*exchange them.*invalid_range/,
  );
});
