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

test('what can fall is a gauge: net sales, signed sums, estimates, visits that may be judged anew, and visits by a value that may change', () => {
  for (const name of ['net_sales', 'adjustments', 'abandoned_carts', 'customers', 'sessions_by_device'])
    assert.equal(named(`storepulse_${name}`), 'gauge', name);
});

test('quotients, quantiles and extremes of all times are left to Prometheus, which has the counters', () => {
  for (const name of ['aov', 'session_conversion', 'checkout_latency_p95', 'largest_order'])
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
