import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { hashBucket, windowId } from '@storepulse/contracts';
import { BSON } from 'mongodb';
import { ERRORS, type ErrorCode } from './errors.ts';
import type { MetricStore } from './store/store.ts';
import { appOver } from './testing/app.ts';
import { createMemoryStore } from './testing/memory-store.ts';
import { makeShop } from './testing/shops.ts';

/** One request can't do harm: a shop of 4,000 products, asked for as much of it as a kilobyte can ask for. */
const DAY = 86_400_000;
const DAYS = 100;
const SKUS = 4_000;
const SOLD_PER_DAY = 1_000;
const BEGIN = Date.UTC(2025, 0, 1);
const NOW = BEGIN + DAYS * DAY;
const shop = makeShop({ timeZone: 'UTC' });
const METRICS = ['gross_sales', 'units', 'order_lines', 'discounts', 'returns'];

const windows = Array.from({ length: DAYS }, (_, day) => {
  const start = BEGIN + day * DAY;
  const buckets = [0, 1, 2, 3].map((): Record<string, object> => ({}));
  for (let n = 0; n < SOLD_PER_DAY; n++) {
    const value = `SKU-${(day * 7 + n * 13) % SKUS}`;
    const cell = Object.fromEntries(METRICS.map((metric, i) => [metric, n + i]));
    buckets[hashBucket(value, 4)]![value] = cell;
  }
  return buckets.map((cells, bucket) => {
    const ref = { shop: shop.shop, group: 'sales', part: 'sku', resolution: '1d' as const, start, bucket };
    const _id = windowId(ref as never);
    const document = { _id, start: new Date(start), version: 1, final: true, cells: { sku: cells } };
    return { _id, bytes: Buffer.from(BSON.serialize(document)) };
  });
}).flat();

const read = { windows: 0 };
const store: MetricStore = {
  ...createMemoryStore({ shops: [shop], documents: [] }),
  counted: async () => new Map(windows.map(({ _id }) => [_id, 1])),
  firstDay: async () => BEGIN,
  windows: async function* () {
    for (let at = 0; at < windows.length; at += 50) {
      const batch = windows.slice(at, at + 50);
      read.windows += batch.length;
      yield batch.map(({ bytes }) => bytes);
    }
  },
};
const app = await appOver(store, NOW);
await app.listen({ host: '127.0.0.1', port: 0 });
const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
after(() => app.close());

const base = { shop: shop.shop, groupBy: 'sku' };
const worst = METRICS.flatMap((metric) => [
  { ...base, refId: `${metric}-days`, metric, interval: '1d', limit: 1_000 },
  { ...base, refId: `${metric}-table`, metric, format: 'table', limit: 1_000 },
]);
const post = (queries: object[], range = { from: 0, to: NOW + 365 * DAY }) =>
  fetch(`${url}/api/v1/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ range, maxDataPoints: 11_000, queries }),
  });

test('ten queries for as much as there is are answered or refused within two seconds of a core', async () => {
  const before = process.cpuUsage();
  const answer = await post(worst);
  const body = (await answer.json()) as {
    results?: Record<string, { error?: { code: ErrorCode } }>;
    code?: ErrorCode;
  };
  const { user, system } = process.cpuUsage(before);
  assert.ok((user + system) / 1e6 < 2, `${(user + system) / 1e6} s`);
  if (body.results === undefined) assert.equal(body.code, 'too_costly');
  for (const { error } of Object.values(body.results ?? {}))
    if (error) assert.ok(ERRORS[error.code].status < 500, error.code);
});

test('the health check is answered over and over while sixteen clients ask for the worst', async () => {
  let left = 16;
  const asked = Array.from({ length: left }, () =>
    post(worst)
      .then((answer) => answer.text())
      .finally(() => left--),
  );
  let healthy = 0;
  while (left > 0) {
    assert.equal((await fetch(`${url}/-/healthy`)).status, 200);
    healthy++;
  }
  await Promise.all(asked);
  // Without a turn of the event loop between slices it would be answered once for each of them.
  assert.ok(healthy > 100, `${healthy} times`);
});

test('a small query is answered before the large ones that wait since before it', async () => {
  const order: string[] = [];
  const large = Array.from({ length: 6 }, () =>
    post(worst).then(async (answer) => {
      await answer.text();
      order.push('large');
    }),
  );
  await (await fetch(`${url}/-/healthy`)).text();
  await (await post([{ refId: 'A', shop: shop.shop, metric: 'new_customers', format: 'table' }])).text();
  const days = { from: NOW - DAY, to: NOW };
  await (await post([{ ...base, refId: 'A', metric: 'units', format: 'table', limit: 3 }], days)).text();
  order.push('small');
  await Promise.all(large);
  assert.ok(order.indexOf('small') < 6, order.join(' '));
});

test('more windows than a query may read are refused before one of them is', async () => {
  const many = new Map(
    Array.from({ length: 20_001 }, (_, i) => [`${shop.shop}|sales|sku|1d|${BEGIN + i}|0`, 1]),
  );
  const crowded = await appOver({ ...store, counted: async () => many }, NOW);
  read.windows = 0;
  const { results } = (
    await crowded.inject({
      method: 'POST',
      url: '/api/v1/query',
      payload: { range: { from: BEGIN, to: NOW }, queries: [worst[0]] },
    })
  ).json();
  assert.equal(results[worst[0]!.refId].error.code, 'too_many_windows');
  assert.equal(read.windows, 0);
});
