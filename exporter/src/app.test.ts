import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CatalogResponse, catalog, QueryResponse } from '@storepulse/contracts';
import { Value } from 'typebox/value';
import { BODY_LIMIT } from './app.ts';
import { ERRORS, ExporterError } from './errors.ts';
import type { DescribedCatalog } from './http/describe-catalog.ts';
import { Problem } from './http/problems.ts';
import type { MetricStore } from './store/store.ts';
import { appOver } from './testing/app.ts';
import { documentsOf } from './testing/documents.ts';
import { createMemoryStore } from './testing/memory-store.ts';
import { makeShop } from './testing/shops.ts';

const shop = makeShop();
const time = Date.UTC(2026, 0, 1, 10);
const documents = documentsOf(catalog, shop, [
  { time, adds: { gross_sales: 1_000, orders: 1 }, dimensions: { country: 'France', sku: 'A.1' } },
  { time, adds: { gross_sales: 2_000, orders: 1 }, dimensions: { country: 'Finland', sku: '$B' } },
]);
const store = createMemoryStore({ shops: [shop], documents });
const app = await appOver(store);
const range = { from: time, to: time + 3_600_000 };

async function query(payload: unknown, over = app) {
  const headers = { 'content-type': 'application/json' };
  const response = await over.inject({
    method: 'POST',
    url: '/api/v1/query',
    headers,
    payload: JSON.stringify(payload),
  });
  return { status: response.statusCode, type: response.headers['content-type'], body: response.json() };
}
const failing = (error: Error): MetricStore => ({
  ...store,
  shops: () => Promise.reject(error),
  layoutVersion: () => Promise.reject(error),
});
const away = failing(new ExporterError('store_unavailable', 'MongoDB can not be reached: start it'));

test('a query is answered as its schema says, and one that fails leaves the others alone', async () => {
  const { status, body } = await query({
    range,
    queries: [
      { refId: 'A', shop: 'uk-retail', metric: 'orders', format: 'table' },
      { refId: 'B', shop: 'uk-retail', metric: 'profit' },
    ],
  });
  assert.equal(status, 200);
  assert.ok(Value.Check(QueryResponse, body));
  assert.deepEqual(body.results.A?.frames[0]?.fields[0]?.values, [2]);
  assert.equal(body.results.B?.error?.code, 'unknown_metric');
});

test('a body that does not fit is a problem that says where and what was expected', async () => {
  const base = { refId: 'A', shop: 'uk-retail', metric: 'orders' };
  const cases: [unknown, RegExp][] = [
    [
      { range, queries: [{ ...base, interval: '3h' }] },
      /body\.queries\.0\.interval must be one of auto, 10s/,
    ],
    [{ range, queries: [{ ...base, group: 'x' }] }, /body\.queries\.0 has the unknown property "group"/],
    [{ range, queries: [] }, /body\.queries must NOT have fewer than 1/],
    [{ queries: [base] }, /range/],
  ];
  for (const [payload, words] of cases) {
    const { status, type, body } = await query(payload);
    assert.equal(status, 400);
    assert.match(type!, /^application\/problem\+json/);
    assert.ok(Value.Check(Problem, body));
    assert.equal(body.code, 'invalid_request');
    assert.match(body.detail, words);
  }
});

test('text that is no JSON, another media type and a huge body are problems too', async () => {
  const send = (payload: string, type = 'application/json') =>
    app.inject({ method: 'POST', url: '/api/v1/query', headers: { 'content-type': type }, payload });
  assert.equal((await send('{')).json().code, 'invalid_request');
  assert.equal((await send('<a/>', 'text/xml')).json().code, 'unsupported_media_type');
  assert.equal((await send(' '.repeat(BODY_LIMIT + 1))).json().code, 'body_too_large');
});

test('an address that does not exist is a problem', async () => {
  const response = await app.inject('/api/v1/queries?secret=1');
  assert.equal(response.statusCode, 404);
  assert.ok(Value.Check(Problem, response.json()));
  assert.doesNotMatch(response.body, /secret/);
});

test('a store that is away is a 503 with what to do; the process stays healthy, and is not ready', async () => {
  const over = await appOver(away);
  const { status, body } = await query(
    { range, queries: [{ refId: 'A', shop: 'a', metric: 'orders' }] },
    over,
  );
  assert.equal(status, ERRORS.store_unavailable.status);
  assert.match(body.detail, /start it/);
  assert.equal((await over.inject('/-/healthy')).statusCode, 200);
  const ready = await over.inject('/-/ready');
  assert.equal(ready.statusCode, 503);
  assert.match(ready.json().reason, /can not be reached/);
  assert.match((await over.inject('/')).body, /can not be read now/);
});

test('a store that does not answer is told of in seconds, not waited for', { timeout: 20_000 }, async () => {
  const silent = await appOver({ ...store, layoutVersion: () => new Promise<never>(() => undefined) });
  const ready = await silent.inject('/-/ready');
  assert.equal(ready.statusCode, 503);
  assert.match(ready.json().reason, /MongoDB has not answered for 3 s/);
});

test('a fault of ours tells the user nothing of its inside', async () => {
  const { status, body } = await query(
    { range, queries: [{ refId: 'A', shop: 'a', metric: 'orders' }] },
    await appOver(failing(new Error('password=hunter2'))),
  );
  assert.equal(status, 500);
  assert.equal(body.code, 'internal');
  assert.doesNotMatch(JSON.stringify(body), /hunter2/);
});

test('a database of an unknown layout is not ready, and says which it is', async () => {
  const reason = async (version: number | null) => {
    const response = await (await appOver({ ...store, layoutVersion: async () => version })).inject(
      '/-/ready',
    );
    assert.equal(response.statusCode, 503);
    return response.json().reason as string;
  };
  assert.match(await reason(99), /layout version 99/);
  assert.match(await reason(null), /start the processor/);
  assert.equal((await app.inject('/-/ready')).statusCode, 200);
});

test('the catalogue lists every metric with its unit, dimensions and formula, and the shops', async () => {
  const body = (await app.inject('/api/v1/catalog')).json();
  assert.ok(Value.Check(CatalogResponse, body));
  assert.equal(body.metrics.length, catalog.metrics.size);
  const netSales = body.metrics.find(({ name }: { name: string }) => name === 'net_sales');
  assert.equal(netSales?.area, 'Sales');
  assert.ok(netSales.synonyms.includes('revenue') && netSales.synonyms.includes('turnover'));
  const aov = body.metrics.find(({ name }) => name === 'aov');
  assert.equal(aov?.expression, '(gross_sales − discounts) ÷ (orders)');
  const times = ['weekday', 'hour_of_day'];
  assert.deepEqual(aov?.dimensions, ['country', 'device', 'channel', 'payment_method', ...times]);
  assert.deepEqual(body.shops, [
    {
      shop: 'uk-retail',
      name: 'UK Retail',
      currency: 'GBP',
      scale: 3,
      timeZone: 'Europe/London',
      weekStart: 'monday',
    },
  ]);
});

test('values of a dimension are listed by prefix, in order, as they were sent', async () => {
  const values = async (path: string) => (await app.inject(`/api/v1/dimensions/${path}`)).json().values;
  assert.deepEqual(await values('country/values?shop=uk-retail'), ['Finland', 'France']);
  assert.deepEqual(await values('country/values?shop=uk-retail&prefix=fr'), ['France']);
  assert.deepEqual(await values('country/values?shop=uk-retail&limit=1'), ['Finland']);
  assert.deepEqual(await values('sku/values?shop=uk-retail'), ['$B', 'A.1']);
});

test('values are found by a text anywhere in them, those that begin with it first', async () => {
  const names = ['Mug, large', 'Large mug', 'Plate'];
  const documents = documentsOf(
    catalog,
    shop,
    names.map((category) => ({ time, adds: { product_views: 1 }, dimensions: { category } })),
  );
  const over = await appOver(createMemoryStore({ shops: [shop], documents }));
  const { values, total } = (
    await over.inject('/api/v1/dimensions/category/values?shop=uk-retail&contains=mug&limit=1')
  ).json();
  assert.deepEqual([values, total], [['Mug, large'], 2]);
});

test('values are those of the range, and of the filters on the same dimension; others are named as ignored', async () => {
  const day = 86_400_000;
  const documents = documentsOf(catalog, shop, [
    { time: time - 30 * day, adds: { orders: 1 }, dimensions: { country: 'Spain' } },
    { time, adds: { orders: 1 }, dimensions: { country: 'France' } },
    { time, adds: { orders: 1 }, dimensions: { country: 'Finland' } },
  ]);
  const over = await appOver(createMemoryStore({ shops: [shop], documents }), time + day);
  const ask = async (search: string) =>
    (await over.inject(`/api/v1/dimensions/country/values?shop=uk-retail&${search}`)).json();
  const within = (from: number, to: number) => `from=${from}&to=${to}`;
  assert.deepEqual((await ask('')).values, ['Finland', 'France', 'Spain']);
  for (const back of [3_600_000, 2 * day, 20 * day]) {
    assert.deepEqual((await ask(within(time - back, time + 3_600_000))).values, ['Finland', 'France']);
  }
  // Too long to look through: the whole history.
  assert.equal((await ask(within(time - 400 * day, time))).total, 3);
  assert.deepEqual((await ask(within(time + 2 * day, time + 3 * day))).values, []);
  const filters = [
    { dimension: 'country', operator: 'not_in', values: ['France'] },
    { dimension: 'device', operator: 'in', values: ['mobile'] },
  ];
  const filtered = await ask(`filters=${encodeURIComponent(JSON.stringify(filters))}`);
  assert.deepEqual([filtered.values, filtered.ignoredFilters], [['Finland', 'Spain'], ['device']]);
});

test('a range of values that is half told or turned round, and filters that are none, are a problem', async () => {
  const code = async (search: string) =>
    (await app.inject(`/api/v1/dimensions/country/values?shop=uk-retail&${search}`)).json().code;
  assert.equal(await code('from=1'), 'invalid_range');
  assert.equal(await code('from=2&to=1'), 'invalid_range');
  assert.equal(await code('filters=[{'), 'invalid_request');
  assert.equal(await code('filters=[{"dimension":"country"}]'), 'invalid_request');
});

test('a query may have a range and a number of points of its own', async () => {
  const { body } = await query({
    range: { from: 0, to: 1 },
    maxDataPoints: 1,
    queries: [{ refId: 'A', shop: 'uk-retail', metric: 'orders', range, maxDataPoints: 60 }],
  });
  assert.equal(body.results.A.frames[0].fields[0].values.length, 60);
});

test('an answer tells which version of the catalogue it is by', async () => {
  const { version } = (await app.inject('/api/v1/catalog')).json();
  const { body } = await query({ range, queries: [{ refId: 'A', shop: 'uk-retail', metric: 'orders' }] });
  assert.equal(body.catalogVersion, version);
});

test('hours and weekdays are dimensions of the catalogue, whose values come in the order of time', async () => {
  const { dimensions } = (await app.inject('/api/v1/catalog')).json() as DescribedCatalog;
  const ofTime = dimensions.filter((dimension) => dimension.ofTime).map(({ name, title }) => [name, title]);
  assert.deepEqual(ofTime, [
    ['weekday', 'Weekday'],
    ['hour_of_day', 'Hour of day'],
  ]);
  const answerOf = async (path: string) =>
    (await app.inject(`/api/v1/dimensions/${path}?shop=uk-retail&limit=3`)).json();
  assert.deepEqual(await answerOf('weekday/values'), {
    ...{ values: ['Monday', 'Tuesday', 'Wednesday'], total: 7, complete: true, ignoredFilters: [] },
  });
  assert.deepEqual((await answerOf('hour_of_day/values')).values, ['0', '1', '2']);
});

test('dimensions of facts have values too: segments by rule, cohorts since the shop’s first day', async () => {
  const over = await appOver(store, Date.UTC(2026, 2, 31, 23, 30));
  const values = async (name: string) =>
    (await over.inject(`/api/v1/dimensions/${name}/values?shop=uk-retail`)).json().values;
  assert.deepEqual(await values('segment'), ['at_risk', 'champion', 'lost', 'loyal', 'new', 'one_time']);
  assert.deepEqual(await values('cohort'), ['2026-01', '2026-02', '2026-03', '2026-04']);
});

test('values of an unknown dimension or shop are a problem', async () => {
  const code = async (path: string) => (await app.inject(`/api/v1/dimensions/${path}`)).json().code;
  assert.equal(await code('planet/values?shop=uk-retail'), 'unknown_dimension');
  assert.equal(await code('country/values?shop=nowhere'), 'unknown_shop');
  assert.equal(await code('country/values'), 'invalid_request');
});

test('Prometheus gets the format it asks for', async () => {
  const scrape = (accept: string) => app.inject({ url: '/metrics', headers: { accept } });
  assert.match((await scrape('*/*')).headers['content-type'] as string, /^text\/plain; version=0\.0\.4/);
  const openMetrics = await scrape('application/openmetrics-text; version=1.0.0');
  assert.match(openMetrics.headers['content-type'] as string, /^application\/openmetrics-text/);
  assert.ok(openMetrics.body.endsWith('# EOF\n'));
});

test('the landing page names the shops, harmlessly', async () => {
  const named = makeShop({ name: '<script>alert(1)</script>' });
  const { body } = await (await appOver(createMemoryStore({ shops: [named], documents: [] }))).inject('/');
  assert.match(body, /uk-retail/);
  assert.doesNotMatch(body, /<script>/);
});

test('the OpenAPI document describes every route of the API', async () => {
  const { openapi, paths } = (await app.inject('/api/v1/openapi.json')).json();
  assert.equal(openapi, '3.1.0');
  for (const path of [
    '/api/v1/query',
    '/api/v1/catalog',
    '/api/v1/dimensions/{name}/values',
    '/metrics',
    '/-/ready',
  ])
    assert.ok(paths[path], path);
  assert.equal((await app.inject('/api/docs/')).statusCode, 200);
});

test('a client that wants it anew is shown what is stored now, not what was kept of it', async () => {
  let stored = documents;
  const now = () => createMemoryStore({ shops: [shop], documents: stored });
  const changing: MetricStore = {
    ...store,
    windows: (...asked) => now().windows(...asked),
    windowsOf: (...asked) => now().windowsOf(...asked),
  };
  const over = await appOver(changing);
  const orders = async (headers: Readonly<Record<string, string>>) => {
    const response = await over.inject({
      method: 'POST',
      url: '/api/v1/query',
      headers,
      payload: { range, queries: [{ refId: 'A', shop: shop.shop, metric: 'orders', format: 'table' }] },
    });
    return response.json().results.A.frames[0].fields[0].values;
  };
  assert.deepEqual(await orders({}), [2]);
  // By hand: the version is the same.
  const order = {
    time,
    adds: { gross_sales: 1_000, orders: 1 },
    dimensions: { country: 'France', sku: 'A.1' },
  };
  stored = documentsOf(catalog, shop, [order, order, order]);
  assert.deepEqual(await orders({}), [2]);
  assert.deepEqual(await orders({ 'cache-control': 'no-cache' }), [3]);
  assert.deepEqual(await orders({}), [2]);
});
