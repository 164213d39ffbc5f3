import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anEdit, anOrder, aRefund } from '../testing/events.ts';
import { moneyFault } from './money-fault.ts';

const line = { sku: 'A', category: 'Toys', quantity: 1, unitPrice: 2_000 };

test('a refund’s amount is its lines less their discounts, with delivery and tax', () => {
  const sound = { lines: [{ ...line, discount: 500 }], shipping: 300, tax: 50, amount: 1_850 };
  assert.equal(moneyFault(aRefund(sound)), undefined);
  assert.match(moneyFault(aRefund({ ...sound, amount: 2_350 }))!, /amount is not what the lines add up to/);
  assert.match(moneyFault(aRefund({ ...sound, shipping: 301 }))!, /amount/);
  assert.match(moneyFault(aRefund({ lines: [{ ...line, discount: 2_001 }], amount: -1 }))!, /discount/);
});

test('a refund without lines gives back delivery, tax, and whatever is beyond them', () => {
  const { lines: _none, ...without } = aRefund({ shipping: 300, tax: 50, amount: 350 });
  for (const refund of [without, { ...without, lines: [] }, { ...without, amount: 900 }])
    assert.equal(moneyFault(refund), undefined);
  assert.match(moneyFault({ ...without, amount: 349 })!, /less than shipping and tax/);
});

test('an edit’s total is what it puts on less what it takes off', () => {
  const added = [{ ...line, discount: 0 }];
  const removed = [{ ...line, unitPrice: 500, discount: 100 }];
  const sound = { added, removed, shipping: -200, tax: 10, total: 2_000 - 400 - 200 + 10 };
  assert.equal(moneyFault(anEdit(sound)), undefined);
  assert.match(moneyFault(anEdit({ ...sound, total: sound.total + 1 }))!, /total/);
  const tooMuch = { ...line, discount: 2_001 };
  assert.match(moneyFault(anEdit({ ...sound, removed: [tooMuch], total: -191 }))!, /removed line/);
  assert.match(moneyFault(anEdit({ ...sound, added: [tooMuch], total: -591 }))!, /added line/);
});

test('an order’s amounts are those of its lines', () => {
  assert.equal(moneyFault(anOrder()), undefined);
  for (const field of ['subtotal', 'discount', 'shipping', 'tax', 'total'] as const)
    assert.notEqual(moneyFault(anOrder({ [field]: anOrder()[field] + 1 })), undefined, field);
});
