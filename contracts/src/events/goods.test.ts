import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reversedGoodsOf } from './goods.ts';
import type { EventOf } from './index.ts';

const visit = {
  ...{ eventId: 'event-1', eventTime: 0, shop: 'demo', visitorId: 'v1', sessionId: null, customerId: null },
  ...{ device: null, channel: null, country: null, currency: 'GBP', orderId: 'o1' },
};
const line = { sku: 'A', category: 'Toys', quantity: 3, unitPrice: 200, discount: 50 };

test('what comes back is told by line, with pieces and worth after the discount', () => {
  const back = [{ sku: 'A', category: 'Toys', quantity: 3, amount: 550 }];
  const refund: EventOf<'refund_issued'> = {
    ...{ ...visit, type: 'refund_issued', refundId: 'r1' },
    ...{ lines: [line], shipping: 30, amount: 580 },
  };
  const edit: EventOf<'order_edited'> = {
    ...{ ...visit, type: 'order_edited', editId: 'e1' },
    ...{ added: [], removed: [line], shipping: 0, tax: 0, total: -550 },
  };
  assert.deepEqual([reversedGoodsOf(refund), reversedGoodsOf(edit)], [back, back]);
});

test('a refund without lines gives back no product in particular, and none where it is delivery and tax alone', () => {
  const refund: EventOf<'refund_issued'> = {
    ...{ ...visit, type: 'refund_issued', refundId: 'r1' },
    ...{ shipping: 30, tax: 10, amount: 140 },
  };
  assert.deepEqual(reversedGoodsOf(refund), [{ sku: null, category: null, quantity: 0, amount: 100 }]);
  assert.deepEqual(reversedGoodsOf({ ...refund, amount: 40 }), []);
});
