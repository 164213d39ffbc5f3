import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anEdit, aRefund } from '../testing/events.ts';
import { amountsFit, spreadDiscount, untoldDiscount, withDiscounts } from './discounts.ts';

const line = { sku: 'A', category: 'Toys', quantity: 1, unitPrice: 2_000 };

test('what a refund’s amount is short of the lines’ prices is the discount of those that tell none', () => {
  const refund = aRefund({
    lines: [line, { ...line, discount: 100 }],
    shipping: 300,
    tax: 50,
    amount: 3_750,
  });
  assert.equal(untoldDiscount(refund), 500);
  assert.ok(amountsFit(refund));
  assert.deepEqual(spreadDiscount(refund.lines!, 500), [500, 100]);
  assert.deepEqual(withDiscounts(refund, [500, 100]), {
    ...refund,
    lines: [
      { ...line, discount: 500 },
      { ...line, discount: 100 },
    ],
  });
});

test('the same of what an edit takes off', () => {
  const edit = anEdit({ added: [{ ...line, discount: 0 }], removed: [line], shipping: -100, total: 400 });
  assert.equal(untoldDiscount(edit), 500);
  assert.ok(amountsFit(edit));
});

test('amounts contradict their lines when they give back more, or when no line leaves its discount open', () => {
  const told = { ...line, discount: 0 };
  for (const [lines, amount] of [
    [[line], 2_001],
    [[told], 1_999],
    [[told, { ...line, unitPrice: 10 }], 1_999],
  ] as const)
    assert.ok(!amountsFit(aRefund({ lines: [...lines], amount })), `${amount}`);
  assert.ok(!amountsFit(aRefund({ lines: [line], shipping: 10, amount: 9 })), 'less than delivery');
});

test('however a discount is spread: nothing of it is lost, and no line is worth less than nothing', () => {
  const lines = fc.array(
    fc.record({
      quantity: fc.integer({ min: 1, max: 10_000_000 }),
      unitPrice: fc.integer({ min: 0, max: 100_000 }),
    }),
    { minLength: 1, maxLength: 6 },
  );
  fc.assert(
    fc.property(lines, fc.double({ min: 0, max: 1, noNaN: true }), (own, part) => {
      const all = own.map((of) => ({ ...line, ...of }));
      const worth = all.map(({ unitPrice, quantity }) => unitPrice * quantity);
      const sum = (of: readonly number[]) => of.reduce((total, number) => total + number, 0);
      const untold = Math.floor(sum(worth) * part);
      const discounts = spreadDiscount(all, untold);
      assert.equal(sum(discounts), untold);
      discounts.forEach((discount, i) => {
        assert.ok(discount >= 0 && discount <= worth[i]!);
      });
    }),
    {
      examples: [
        [
          [
            { quantity: 10_000_000, unitPrice: 99_999 },
            { quantity: 9_999_999, unitPrice: 99_991 },
          ],
          1,
        ],
      ],
    },
  );
});
