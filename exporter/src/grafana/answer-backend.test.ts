import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { catalog, type Frame } from '@storepulse/contracts';
import type { WireFrame } from '@storepulse/contracts/grafana/backend-request';
import type { StorepulseQuery } from '@storepulse/contracts/grafana/stored-query';
import { appOver } from '../testing/app.ts';
import { documentsOf } from '../testing/documents.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeShop } from '../testing/shops.ts';
import { forAlerts } from './for-alerts.ts';

const HOUR = 3_600_000;
const shop = makeShop();
const begin = Date.UTC(2026, 0, 1, 10);
const now = begin + 2 * HOUR + 60_000;
const store = createMemoryStore({
  shops: [shop],
  documents: documentsOf(
    catalog,
    shop,
    [10, 20, 30].map((n, i) => ({
      time: begin + i * HOUR,
      adds: { gross_sales: n * 1_000, orders: 1 },
      dimensions: { country: i === 1 ? 'Spain' : 'France' },
    })),
  ),
});
const app = await appOver(store, now);
after(() => app.close());

const range = { from: begin, to: now };
const sales: StorepulseQuery = { refId: 'A', version: 1, metric: 'gross_sales', interval: '1h' };
const post = async (body: object) => {
  const answer = await app.inject({ method: 'POST', url: '/api/v1/grafana/query', payload: body });
  return { status: answer.statusCode, body: answer.json() };
};
const ask = async (queries: Partial<StorepulseQuery>[], more: object = {}) => {
  const stored = queries.map((query, n) => ({ refId: `${n}`, query: { ...sales, ...query }, range }));
  const { status, body } = await post({ defaultShop: shop.shop, queries: stored, ...more });
  assert.equal(status, 200, JSON.stringify(body));
  return queries.map((_, n) => body.results[n]);
};
const columns = ({ schema, data }: WireFrame) =>
  Object.fromEntries(schema.fields.map(({ name }, i) => [name, data.values[i]]));
const noticesOf = ({ schema }: WireFrame) => JSON.stringify(schema.meta.notices ?? []);

test('a stored query is answered by frames as Grafana’s servers exchange them', async () => {
  const [result] = await ask([{}]);
  assert.equal(result.status, 200);
  const [frame] = result.frames;
  assert.deepEqual(columns(frame), {
    time: [begin, begin + HOUR, begin + 2 * HOUR],
    gross_sales: [10, 20, 30],
  });
  const types = frame.schema.fields.map(({ type, typeInfo }: { type: string; typeInfo: object }) => [
    type,
    typeInfo,
  ]);
  assert.deepEqual(types, [
    ['time', { frame: 'time.Time', nullable: true }],
    ['number', { frame: 'float64', nullable: true }],
  ]);
  assert.equal(frame.schema.meta.type, 'timeseries-wide');
  assert.equal(frame.schema.fields[1].config.displayNameFromDS, 'Gross sales');
});

test('a rule of "less than" is not fired by the bucket that is still filling', async () => {
  const [result] = await ask([{}], { isAlert: true });
  assert.deepEqual(columns(result.frames[0]), { time: [begin, begin + HOUR], gross_sales: [10, 20] });
  assert.match(noticesOf(result.frames[0]), /A bucket still filling from 2026-01-01T12:00:00\.000Z on/);
});

test('a rule is not given the same labels twice: what is compared with is left out, and says so', async () => {
  const compared = { compareTo: 'previous_period' } as const;
  const [shown] = await ask([compared]);
  assert.equal(shown.frames.length, 2);
  const [series, table] = await ask([compared, { ...compared, format: 'table', groupBy: 'country' }], {
    isAlert: true,
  });
  assert.equal(series.frames.length, 1);
  assert.match(noticesOf(series.frames[0]), /Earlier values are not judged/);
  assert.deepEqual(columns(table.frames[0]), { country: ['France', 'Spain'], gross_sales: [40, 20] });
  assert.match(noticesOf(table.frames[0]), /gross_sales is judged, not gross_sales_earlier/);
});

test('several metrics are one frame, and a rule tells them by a label; of a table it judges the first', async () => {
  const several = { furtherMetrics: ['orders'] };
  const [series, table] = await ask([several, { ...several, format: 'table', groupBy: 'country' }]);
  assert.deepEqual(columns(series.frames[0]), {
    ...{ time: [begin, begin + HOUR, begin + 2 * HOUR], gross_sales: [10, 20, 30], orders: [1, 1, 1] },
  });
  assert.deepEqual(columns(table.frames[0]), {
    ...{ country: ['France', 'Spain'], gross_sales: [40, 20], orders: [2, 1] },
  });
  const [judged, row] = await ask([several, { ...several, format: 'table', groupBy: 'country' }], {
    isAlert: true,
  });
  assert.deepEqual(columns(judged.frames[0]), {
    ...{ time: [begin, begin + HOUR], gross_sales: [10, 20], orders: [1, 1] },
  });
  const fields = judged.frames[0].schema.fields.slice(1);
  assert.deepEqual(
    fields.map(({ labels }: { labels: object }) => labels),
    [{ metric: 'gross_sales' }, { metric: 'orders' }],
  );
  assert.deepEqual(columns(row.frames[0]), { country: ['France', 'Spain'], gross_sales: [40, 20] });
  assert.match(noticesOf(row.frames[0]), /gross_sales is judged, not orders/);
});

test('of metrics whose buckets are others a rule judges the first, and says so', () => {
  const series = (metric: string, time: number): Frame => ({
    ...{ name: metric, refId: 'A', meta: { type: 'timeseries-wide', custom: { metric } } },
    fields: [
      { name: 'time', type: 'time', config: {}, values: [time] },
      { name: metric, type: 'number', config: {}, values: [1] },
    ],
  });
  const { frames, notices } = forAlerts([series('orders', 1), series('customers', 2)]);
  assert.deepEqual(
    frames.map(({ name }) => name),
    ['orders'],
  );
  assert.match(notices[0]!.text, /^orders is judged, not customers, whose buckets are others/);
});

test('a query with a raw variable is refused in words, and leaves the others alone', async () => {
  const [refused, unknown, answered] = await ask([
    { groupBy: '$by' },
    { shop: 'nobody' },
    { format: 'table' },
  ]);
  assert.equal(refused.status, 400);
  assert.match(refused.error, /The groupBy is "\$by"/);
  assert.equal(refused.errorSource, 'downstream');
  assert.deepEqual(refused.frames, []);
  assert.equal(unknown.status, 404);
  assert.match(unknown.error, /No such shop|no shop/i);
  assert.deepEqual(columns(answered.frames[0]), { gross_sales: [60] });
});

test('each query has its own range and width, and fields of Grafana’s own are passed over', async () => {
  const { body } = await post({
    queries: [
      {
        ...{ refId: 'A', range: { from: begin, to: begin + HOUR }, maxDataPoints: 0, intervalMs: 30_000 },
        query: {
          ...{ ...sales, shop: shop.shop, interval: '$__interval_ms', format: 'table' },
          ...{ datasource: { uid: 'x' }, intervalMs: 1, maxDataPoints: 43_200, hide: false },
        },
      },
    ],
  });
  assert.deepEqual(columns(body.results.A.frames[0]), { gross_sales: [10] });
});

test('a request that is no request of Grafana’s server is refused whole, with the place', async () => {
  const { status, body } = await post({
    queries: [{ refId: 'A', range, query: { refId: 'A', metric: {} } }],
  });
  assert.equal(status, 400);
  assert.match(body.detail, /queries\.0\.query\.metric|queries\/0\/query\/metric/);
});
