import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anOrder, aRefund } from '@storepulse/contracts/testing/events';
import fc from 'fast-check';
import { findDiscounts, type LoggedGoods } from './find-discounts.ts';

const order = anOrder({
  orderId: 'o',
  lines: [{ sku: 'A', category: 'Toys', quantity: 3, unitPrice: 1_000, discount: 100 }],
});
const back = (quantity: number, amount: number, discount?: number) =>
  aRefund({
    ...{ orderId: 'o', shipping: 0, tax: 0, amount },
    lines: [
      {
        ...{ sku: 'A', category: 'Toys', quantity, unitPrice: 1_000 },
        ...(discount === undefined ? {} : { discount }),
      },
    ],
  });
/** In this order on one partition, unless told otherwise. */
const log = (events: LoggedGoods['event'][], partition = 0): LoggedGoods[] =>
  events.map((event, offset) => ({
    event,
    offset,
    partition,
    topic: 'transactions',
    shopDate: '2026-01-01',
  }));
const found = (events: LoggedGoods[]) => findDiscounts(events).map(({ discount }) => discount);

test('a part takes its share of the order’s discount, rounded down, and the last pieces take the rest', () => {
  assert.deepEqual(found(log([order, back(1, 1_000), back(1, 1_000), back(1, 1_000)])), [33, 33, 34]);
});

test('what the amount is short of its line’s price is the discount, whatever the order took off', () => {
  assert.deepEqual(found(log([order, back(2, 1_500)])), [500]);
});

test('an order that comes later, or on another partition, is not known: the line is worth its price', () => {
  assert.deepEqual(found(log([back(1, 1_000), order])), [0]);
  assert.deepEqual(found([...log([order], 1), ...log([back(1, 1_000)])]), [0]);
});

test('an order that comes back whole, in whatever parts, gives back no more than was paid', () => {
  const parts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(parts, fc.integer({ min: 0, max: 5_000 }), (quantities, discount) => {
      const quantity = quantities.reduce((sum, part) => sum + part, 0);
      const whole = anOrder({
        orderId: 'o',
        lines: [
          {
            sku: 'A',
            category: 'Toys',
            quantity,
            unitPrice: 1_000,
            discount: Math.min(discount, 1_000 * quantity),
          },
        ],
      });
      const discounts = found(log([whole, ...quantities.map((part) => back(part, part * 1_000))]));
      assert.equal(
        discounts.reduce((sum, part) => sum + part, 0),
        whole.lines[0]!.discount,
      );
    }),
    { numRuns: 100 },
  );
});
