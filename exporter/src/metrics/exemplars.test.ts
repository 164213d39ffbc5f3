import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog } from '@storepulse/contracts';
import { anOrder } from '@storepulse/contracts/testing/events';
import { appOver } from '../testing/app.ts';
import { documentsOf } from '../testing/documents.ts';
import { createMemoryLive } from '../testing/memory-live.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeShop } from '../testing/shops.ts';
import { readExemplars } from './exemplars.ts';
import { familiesOf } from './families.ts';

const shop = makeShop({ scale: 2 });
const time = Date.UTC(2026, 0, 1, 12);
const order = (orderId: string, at: number, fields: object = {}) => ({
  ...anOrder({
    shop: shop.shop,
    orderId,
    eventTime: at,
    country: 'France',
    paymentMethod: 'card',
    ...fields,
  }),
  _id: `${shop.shop}|${orderId}`,
});
const payment = (type: 'payment_authorized' | 'payment_failed', orderId: string, eventTime: number) => ({
  ...order(orderId, eventTime),
  ...{ type, paymentId: `p-${orderId}`, method: 'card', amount: 3_250, reason: 'declined' },
});
/** The exporter over orders and payments, and what it has counted of them. */
async function exporterOver(orders: readonly object[], payments: readonly object[] = []) {
  const adds = { product_views: 1, orders: 2, gross_sales: 6_000, payment_attempts: 2, failed_payments: 1 };
  const dimensions = { country: 'France', payment_method: 'card' };
  const documents = documentsOf(catalog, shop, [{ time, adds, dimensions }], ['all']);
  const store = createMemoryStore({ shops: [shop], documents, live: createMemoryLive({ orders, payments }) });
  const app = await appOver(store, time);
  const scrape = async (accept: string) => (await app.inject({ url: '/metrics', headers: { accept } })).body;
  return {
    store,
    openMetrics: () => scrape('application/openmetrics-text'),
    text: () => scrape('text/plain'),
  };
}
const lineOf = (text: string, name: string) => text.split('\n').find((line) => line.startsWith(`${name}{`));

test('a counter of orders names the latest order that it has counted, with its time and what it added', async () => {
  const { openMetrics } = await exporterOver([order('o1', time - 2_000), order('o2', time - 1_500)]);
  const text = await openMetrics();
  assert.equal(
    lineOf(text, 'storepulse_orders_total'),
    `storepulse_orders_total{shop="${shop.shop}"} 1 # {order_id="o2"} 1 ${time / 1_000 - 1.5}`,
  );
  assert.match(
    lineOf(text, 'storepulse_orders_by_country_total')!,
    /country="France"} 1 # {order_id="o2"} 1 /,
  );
  assert.ok(text.endsWith('# EOF\n'));
});

test('money is what all lines of the order came to, in whole units; of a category, its lines alone', async () => {
  const { store, openMetrics } = await exporterOver([order('o1', time)]);
  assert.match(lineOf(await openMetrics(), 'storepulse_gross_sales_total')!, /# {order_id="o1"} 30 /);
  const families = familiesOf(catalog);
  const found = await readExemplars(store, families, catalog);
  const family = families.find(({ name }) => name === 'storepulse_gross_sales_by_category_total')!;
  assert.equal(found(family, { shop: shop.shop, category: 'Mugs' })?.value, 10);
});

test('a series of a value names an order of that value, or none', async () => {
  const { store } = await exporterOver([order('o1', time - 2), order('o2', time - 1, { country: 'Spain' })]);
  const families = familiesOf(catalog);
  const found = await readExemplars(store, families, catalog);
  const family = families.find(({ name }) => name === 'storepulse_orders_by_country_total')!;
  const of = (country: string) => found(family, { shop: shop.shop, country })?.labels;
  assert.deepEqual(
    [of('France'), of('Spain'), of('Italy')],
    [{ order_id: 'o1' }, { order_id: 'o2' }, undefined],
  );
});

test('payments name their order; one that failed is no exemplar of those that went through', async () => {
  const { openMetrics } = await exporterOver(
    [],
    [payment('payment_failed', 'bad', time - 2), payment('payment_authorized', 'good', time - 1)],
  );
  const text = await openMetrics();
  assert.match(lineOf(text, 'storepulse_payment_attempts_total')!, /# {order_id="good"}/);
  assert.match(lineOf(text, 'storepulse_failed_payments_total')!, /# {order_id="bad"}/);
});

test('plain text has none, and neither has what counts nothing of orders', async () => {
  const exporter = await exporterOver([order('o1', time)]);
  assert.doesNotMatch(await exporter.text(), /order_id/);
  const openMetrics = await exporter.openMetrics();
  for (const line of openMetrics.split('\n').filter((each) => each.includes('order_id')))
    assert.match(line, /^storepulse_\w+_total{/);
  assert.doesNotMatch(lineOf(openMetrics, 'storepulse_product_views_total')!, /#/);
});

test('nobody is named: no other field, and no id that looks like an address or a card, or is too long', async () => {
  const { openMetrics } = await exporterOver([
    order('o1', time - 9),
    ...['jane@roe.example', '4111111111111111', 'x'.repeat(121)].map((id, i) => order(id, time - i)),
  ]);
  const text = await openMetrics();
  assert.match(lineOf(text, 'storepulse_orders_total')!, /# {order_id="o1"} /);
  for (const exemplar of text.match(/# {.*}/g) ?? []) assert.match(exemplar, /^# {order_id="[^"]+"}$/);
});

test('a store that can not tell events costs the exemplars, and no figure', async () => {
  const { store } = await exporterOver([order('o1', time)]);
  const app = await appOver(
    {
      ...store,
      events: () => {
        throw new Error('away');
      },
    },
    time,
  );
  const { body } = await app.inject({ url: '/metrics', headers: { accept: 'application/openmetrics-text' } });
  assert.equal(lineOf(body, 'storepulse_orders_total'), `storepulse_orders_total{shop="${shop.shop}"} 1`);
  assert.match(body, /storepulse_store_up 1/);
});
