import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectedOf } from './expected.ts';
import { type RetailRow, retailRows } from './rows.ts';

const row = (
  invoice: string,
  quantity: number,
  price: string,
  change: Partial<RetailRow> = {},
): RetailRow => ({
  ...{ invoice, quantity, price, sku: 'A', description: 'THING', time: '2011-05-31 23:59:00' },
  ...{ customer: '1', country: 'France' },
  ...change,
});

test('the figures of a few rows are those that one adds up by hand', () => {
  const { lifetime, fates, facts } = expectedOf([
    row('1', 2, '1.50'),
    row('1', 1, '0.001'),
    row('C2', -1, '1.50', { customer: '2' }),
    row('A3', 1, '-5.25', { customer: '' }),
    row('4', -9, '0.0', { customer: '3' }),
    row('5', 3, '2.00', { customer: '' }),
  ]);
  assert.deepEqual(lifetime, {
    gross_sales: 9_001,
    discounts: 0,
    units: 6,
    returns: 1_500,
    adjustments: -5_250,
    orders: 2,
    customers: 3,
    buyers: 2,
    active_visitors: 2,
    net_sales: 7_501,
    net_after_adjustments: 2_251,
  });
  assert.deepEqual(fates, { 'order line': 3, 'return line': 1, adjustment: 1, 'stock movement': 1 });
  assert.equal(facts, 5);
});

test('an invoice belongs to the month and the country of its first row', () => {
  const { byMonth, byCountry } = expectedOf([
    row('1', 1, '1.00'),
    row('1', 1, '2.00', { time: '2011-06-01 00:00:00', country: 'EIRE' }),
  ]);
  assert.deepEqual(Object.keys(byMonth), ['2011-05']);
  assert.deepEqual(Object.keys(byCountry), ['France']);
  assert.equal(byMonth['2011-05']!.gross_sales, 3_000);
});

test('a made-up file has rows of every fate, in every month of the real one', () => {
  const { fates, byMonth } = expectedOf(retailRows(250));
  for (const [fate, count] of Object.entries(fates)) assert.ok(count > 5, `${count} rows: ${fate}`);
  assert.equal(Object.keys(byMonth).length, 13);
});
