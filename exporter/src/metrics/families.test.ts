import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog } from '@storepulse/contracts';
import { familiesOf } from './families.ts';

const families = familiesOf(catalog);
const named = (name: string) => families.find((family) => family.name === name)?.type;

test('what never falls is a counter, and named like one', () => {
  assert.equal(named('storepulse_gross_sales_total'), 'counter');
  assert.equal(named('storepulse_orders_by_country_total'), 'counter');
  assert.equal(named('storepulse_sessions_total'), 'counter');
});

test('what can fall is a gauge: net sales, signed sums, estimates and visits that may be judged anew', () => {
  for (const name of ['net_sales', 'adjustments', 'abandoned_carts', 'customers'])
    assert.equal(named(`storepulse_${name}`), 'gauge', name);
});

test('a distribution is a histogram in seconds, unless its values can be taken back', () => {
  assert.equal(named('storepulse_checkout_latency_seconds'), 'histogram');
  assert.equal(named('storepulse_time_to_purchase_seconds'), undefined);
});

test('visits are not split: a late event can move one from one value to another', () => {
  assert.deepEqual(
    families.map(({ name }) => name).filter((name) => name.includes('sessions_by_')),
    [],
  );
});

test('quotients, quantiles, extremes of all times and metrics over facts are not exposed', () => {
  for (const name of ['aov', 'session_conversion', 'checkout_latency_p95', 'largest_order', 'new_customers'])
    assert.ok(!families.some((family) => family.metric.name === name), name);
});

test('products and visitors never become labels', () => {
  assert.deepEqual([...new Set(families.map(({ dimension }) => dimension))].sort(), [
    'category',
    'channel',
    'country',
    'device',
    'payment_method',
    'shop_service',
    'step',
    'total',
  ]);
});

test('each name is used once', () => {
  assert.equal(new Set(families.map(({ name }) => name)).size, families.length);
});
