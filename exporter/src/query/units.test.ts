import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog } from '@storepulse/contracts';
import { fieldConfig, toReadable } from './units.ts';

const metric = (name: string) => catalog.metrics.get(name)!;
const pounds = { currency: 'GBP', scale: 3 };

test('money is shown in its currency with all the decimals it is kept with', () => {
  const { unit, decimals } = fieldConfig(metric('gross_sales'), pounds);
  assert.deepEqual({ unit, decimals }, { unit: 'currencyGBP', decimals: 3 });
  assert.equal(toReadable(metric('gross_sales'), 10_666_684_544, pounds), 10_666_684.544);
});

test('a currency without a unit in Grafana is named behind the number', () => {
  assert.equal(fieldConfig(metric('returns'), { currency: 'KWD', scale: 3 }).unit, 'suffix: KWD');
});

test('a quotient of money has no more decimals than a price', () => {
  assert.equal(fieldConfig(metric('aov'), pounds).decimals, 2);
  assert.equal(fieldConfig(metric('aov'), { currency: 'JPY', scale: 0 }).decimals, 0);
  assert.equal(toReadable(metric('aov'), 534_403, pounds), 534.403);
});

test('counts are whole numbers, shares are percentages, and nothing stays nothing', () => {
  assert.deepEqual(
    ['orders', 'session_conversion'].map((name) => fieldConfig(metric(name), pounds).unit),
    ['short', 'percentunit'],
  );
  assert.equal(toReadable(metric('orders'), 7, pounds), 7);
  assert.equal(toReadable(metric('gross_sales'), null, pounds), null);
});

test('every metric’s field says what the metric means', () => {
  for (const each of catalog.metrics.values())
    assert.equal(fieldConfig(each, pounds).description, each.description);
});
