import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { type Catalog, CatalogResponse, QueryResponse } from '@storepulse/contracts';
import { readCatalog } from '@storepulse/contracts/catalog/file/read';
import pino from 'pino';
import { Value } from 'typebox/value';
import { createApp } from './app.ts';
import { documentsOf } from './testing/documents.ts';
import { createMemoryStore } from './testing/memory-store.ts';
import { makeShop } from './testing/shops.ts';

const EXAMPLE = await readFile(new URL('../../docs/examples/catalog.yaml', import.meta.url), 'utf8');
const own = readCatalog(
  EXAMPLE.replace('metrics: [orders]', 'metrics: [orders, aov]').replace(
    'order: {',
    'order_line: { field: giftWrap, type: text }\n      order: {',
  ),
  'catalog.yaml',
);
/** What is stored has the names that it is stored under. */
const asStored: Catalog = {
  ...own,
  metrics: new Map([...own.groups.values()].flat().map((metric) => [metric.name, metric])),
};

const shop = makeShop({ scale: 0 });
const time = Date.UTC(2026, 0, 1, 10);
const began = time + 60_000;
const sold = (giftWrap: string, orders: number, gross: number) => ({
  time: time + 120_000,
  adds: { orders_by_gift_wrap: orders, gross_sales_by_gift_wrap: gross, discounts_by_gift_wrap: 0 },
  dimensions: { gift_wrap: giftWrap },
});
const documents = documentsOf(asStored, shop, [
  ...Array.from({ length: 5 }, (_, n) => ({
    time,
    adds: { orders: 1, gross_sales: 100, ...(n < 2 ? { large_orders: 1 } : {}) },
    dimensions: { country: 'France' },
  })),
  ...Array.from({ length: 2 }, () => sold('red', 1, 100)),
  sold('blue', 1, 30),
]);
const memory = createMemoryStore({ shops: [shop], documents });
const app = await createApp({
  store: {
    ...memory,
    countedSince: async () =>
      new Map([
        ['orders_by_gift_wrap', began],
        ['large_orders', began],
      ]),
  },
  catalog: own,
  log: pino({ level: 'silent' }),
  version: '1.2.3',
});

async function ask(metric: string, more: object = {}) {
  const response = await app.inject({
    method: 'POST',
    url: '/api/v1/query',
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({
      range: { from: time, to: time + 3_600_000 },
      queries: [{ refId: 'A', shop: shop.shop, metric, format: 'table', ...more }],
    }),
  });
  const body = response.json();
  assert.ok(Value.Check(QueryResponse, body));
  const { frames, meta, error } = body.results.A!;
  assert.equal(error, undefined, error?.detail);
  return {
    values: frames[0]!.fields.map(({ name, values }) => [name, values]),
    notices: meta.notices.map(({ text }) => text),
  };
}

test('metrics of the file, computed ones too, are answered as the built-in ones are', async () => {
  assert.deepEqual((await ask('large_orders')).values, [['large_orders', [2]]]);
  const { values } = await ask('large_order_share');
  assert.deepEqual(values[0], ['large_order_share', [0.4]]);
});

test('an added dimension splits and filters a metric, and a quotient whose parts all have it', async () => {
  assert.deepEqual((await ask('orders', { groupBy: 'gift_wrap' })).values, [
    ['gift_wrap', ['red', 'blue']],
    ['orders', [2, 1]],
  ]);
  const filters = [{ dimension: 'gift_wrap', operator: '=', values: ['red'] }];
  assert.deepEqual((await ask('orders', { filters })).values, [['orders', [2]]]);
  const aov = await ask('aov', { groupBy: 'gift_wrap' });
  assert.deepEqual(aov.values.slice(0, 2), [
    ['gift_wrap', ['red', 'blue']],
    ['aov', [100, 30]],
  ]);
  assert.deepEqual((await ask('orders', { groupBy: 'country' })).values[1], ['orders', [5]]);
});

test('an answer says since when an added dimension is counted, and the catalogue does', async () => {
  const { notices } = await ask('orders', { groupBy: 'gift_wrap' });
  assert.ok(
    notices.some((text) =>
      text.includes(`orders by gift_wrap is counted since ${new Date(began).toISOString()}`),
    ),
  );
  assert.ok(!(await ask('orders')).notices.some((text) => text.includes('counted since')));
  const body = (await app.inject('/api/v1/catalog')).json();
  assert.ok(Value.Check(CatalogResponse, body));
  const of = (name: string) => body.metrics.find((metric) => metric.name === name)!;
  assert.deepEqual(of('orders').countedSince, { gift_wrap: began });
  assert.equal(of('large_orders').countedSince?.total, began);
  assert.equal(of('large_orders').expression, 'number of order where total ≥ 10000');
  assert.ok(body.dimensions.some(({ name }) => name === 'gift_wrap'));
});

test('Prometheus gets the metrics of the file, and the added dimension under a name of its own', async () => {
  const text = (await app.inject('/metrics')).body;
  assert.match(text, /storepulse_large_orders_total\{shop="uk-retail"\} 2\n/);
  assert.match(text, /storepulse_orders_by_gift_wrap_total\{shop="uk-retail",gift_wrap="red"\} 2\n/);
  assert.match(text, /storepulse_orders_total\{shop="uk-retail"\} 5\n/);
});
