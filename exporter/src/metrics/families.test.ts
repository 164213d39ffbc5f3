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

test('what can fall is a gauge: net sales, signed sums, ratios, estimates, and visits by a value that may change', () => {
  for (const name of [
    'net_sales',
    'adjustments',
    'aov',
    'session_conversion',
    'customers',
    'sessions_by_device',
  ])
    assert.equal(named(`storepulse_${name}`), 'gauge', name);
});

test('products and visitors never become labels', () => {
  assert.deepEqual([...new Set(families.map(({ dimension }) => dimension))].sort(), [
    'category',
    'channel',
    'country',
    'device',
    'total',
  ]);
});

test('each name is used once', () => {
  assert.equal(new Set(families.map(({ name }) => name)).size, families.length);
});
