import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoreEvent } from '@storepulse/contracts';
import { moneyFault } from '@storepulse/contracts/events/money-fault';
import { anEdit, anOrder, aRefund, NOON, SHOP } from '@storepulse/contracts/testing/events';
import fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { appOver } from '../../testing/app.ts';
import { complete } from '../complete.ts';
import { publishedSchemas } from '../published.ts';
import { eventForms } from '../types.ts';

type Line = { sku: string; quantity: number; unitPrice: number; discount: number };
type Sent = Record<string, unknown> & { type: string };

/** Completes an event as the collector does; what is wrong with it, or the event. */
function completed(sent: Sent) {
  const event = structuredClone(sent);
  const fault = complete(event, eventForms.get(sent.type)!, NOON);
  return fault ?? (event as unknown as Record<string, never> & { lines: Line[] });
}
function accepted(sent: Sent) {
  const event = completed(sent);
  assert.ok(!('message' in event), JSON.stringify(event));
  assert.equal(moneyFault(event as unknown as StoreEvent), undefined);
  return event as unknown as Record<string, number> & { lines: Line[]; added: Line[]; removed: Line[] };
}
const without = (event: object, ...names: string[]): Sent =>
  Object.fromEntries(Object.entries(event).filter(([name]) => !names.includes(name))) as Sent;
const line = (sku: string, quantity: number, unitPrice: number, more: object = {}) => ({
  ...{ sku, quantity, unitPrice },
  ...more,
});
const order = (fields: object): Sent => ({
  ...without(anOrder({ orderId: 'o1' }), 'subtotal', 'discount', 'shipping', 'tax', 'lines', 'total'),
  ...fields,
});

test('the discount of an order is spread over its lines, to the penny', () => {
  const { lines, subtotal, discount } = accepted(
    order({
      lines: [
        line('A', 1, 1_000),
        line('B', 1, 1_000),
        line('C', 1, 1_000),
        line('D', 2, 500, { discount: 5 }),
      ],
      discount: 105,
      total: 3_895,
    }),
  );
  assert.deepEqual(
    lines.map(({ sku, discount: own }) => [sku, own]),
    [
      ['A', 33],
      ['B', 33],
      ['C', 34],
      ['D', 5],
    ],
  );
  assert.deepEqual([subtotal, discount], [4_000, 105]);
});

test('what is left out of the amounts is what the others tell, and the total is held against it', () => {
  const event = accepted(order({ lines: [line('A', 2, 500)], total: 1_000 }));
  assert.deepEqual([event.subtotal, event.discount, event.shipping, event.tax], [1_000, 0, 0, 0]);
  assert.deepEqual(event.lines, [{ sku: 'A', quantity: 2, unitPrice: 500, category: null, discount: 0 }]);
  const forgotten = completed(order({ lines: [line('A', 2, 500)], total: 1_190 }));
  assert.match(moneyFault(forgotten as never)!, /^total is not/);
  const edit = accepted({
    ...without(anEdit(), 'removed', 'shipping', 'tax'),
    added: [line('A', 1, 500)],
    total: 500,
  } as never);
  assert.deepEqual([edit.removed, edit.shipping, edit.tax], [[], 0, 0]);
});

test('tax is taken out of prices that include it', () => {
  // 19 %: 2 × 11.90 and delivery for 5.95.
  const event = accepted(
    order({ lines: [line('A', 2, 1_190)], shipping: 595, tax: 475, total: 2_975, pricesIncludeTax: true }),
  );
  assert.deepEqual(event.lines, [{ sku: 'A', quantity: 2, unitPrice: 1_000, category: null, discount: 0 }]);
  assert.deepEqual([event.subtotal, event.shipping, event.tax, event.total], [2_000, 500, 475, 2_975]);
  assert.ok(!('pricesIncludeTax' in event));
});

test('pieces without a common price become two lines, and their prices add up', () => {
  const { lines, subtotal } = accepted(
    order({ lines: [line('A', 3, 1_000)], tax: 479, total: 3_000, pricesIncludeTax: true }),
  );
  assert.deepEqual(
    lines.map(({ quantity, unitPrice }) => [quantity, unitPrice]),
    [
      [2, 840],
      [1, 841],
    ],
  );
  assert.equal(subtotal, 2_521);
});

test('a line may tell the tax that is in it, where rates differ', () => {
  const { lines, shipping } = accepted(
    order({
      lines: [line('BOOK', 1, 1_070, { tax: 70 }), line('MUG', 1, 1_190, { tax: 190 })],
      ...{ shipping: 119, tax: 279, total: 2_379, pricesIncludeTax: true },
    }),
  );
  assert.deepEqual(
    lines.map(({ unitPrice }) => unitPrice),
    [1_000, 1_000],
  );
  assert.equal(shipping, 100);
});

test('a discount that includes tax, refunds and edits are taken apart alike', () => {
  const discounted = accepted(
    order({ lines: [line('A', 1, 1_190)], discount: 119, tax: 171, total: 1_071, pricesIncludeTax: true }),
  );
  assert.deepEqual(
    discounted.lines.map(({ unitPrice, discount }) => [unitPrice, discount]),
    [[1_000, 100]],
  );
  const refund = accepted({
    ...aRefund(),
    ...{ lines: [line('A', 1, 1_190)], shipping: 595, tax: 285, amount: 1_785, pricesIncludeTax: true },
  });
  assert.deepEqual(
    [refund.lines[0]!.unitPrice, refund.lines[0]!.discount, refund.shipping, refund.amount],
    [1_000, 0, 500, 1_785],
  );
  const goodwill = accepted({
    ...without(aRefund(), 'lines'),
    tax: 19,
    amount: 119,
    pricesIncludeTax: true,
  } as never);
  assert.deepEqual([goodwill.amount, goodwill.tax], [119, 19]);
  const edit = accepted({
    ...anEdit(),
    added: [line('A', 1, 1_190, { tax: 190 })],
    removed: [line('B', 1, 595, { tax: 95 })],
    ...{ shipping: 119, tax: 114, total: 714, pricesIncludeTax: true },
  });
  assert.deepEqual([edit.added[0]!.unitPrice, edit.removed[0]!.unitPrice, edit.shipping], [1_000, 500, 100]);
});

test('amounts that contradict each other are refused with the field', () => {
  const inclusive = { lines: [line('A', 1, 1_190)], tax: 190, total: 1_190, pricesIncludeTax: true };
  for (const [sent, code, path] of [
    [order({ ...inclusive, tax: undefined }), 'schema-violation', '/tax'],
    [order({ ...inclusive, total: 1_380 }), 'total-mismatch', ''],
    [order({ ...inclusive, subtotal: 1_000 }), 'total-mismatch', ''],
    [order({ ...inclusive, tax: 1_191 }), 'total-mismatch', '/tax'],
    [order({ ...inclusive, lines: [line('A', 1, 1_190, { tax: 180 })] }), 'total-mismatch', '/tax'],
    [order({ ...inclusive, lines: [line('A', 1, 1_190, { tax: 1_191 })] }), 'total-mismatch', '/tax'],
    [order({ ...inclusive, discount: 1_191, total: -1 }), 'schema-violation', '/total'],
    [order({ lines: [line('A', 1, 100)], discount: 101, total: 0 }), 'total-mismatch', '/discount'],
    [
      order({ lines: [line('A', 1, 100, { discount: 5 }), line('B', 1, 1)], discount: 4, total: 96 }),
      'total-mismatch',
      '/discount',
    ],
    [order({ lines: [line('A', 1, 1.5)], total: 1 }), 'schema-violation', '/lines/0/unitPrice'],
    [order({ lines: [{ sku: 'A', unitPrice: 1 }], total: 1 }), 'schema-violation', '/lines/0/quantity'],
    [order({ lines: [line('A', 1, 1, { tax: -1 })], total: 1 }), 'schema-violation', '/lines/0/tax'],
    [order({ lines: 'A', total: 1 }), 'schema-violation', '/lines'],
    [order({ ...inclusive, pricesIncludeTax: 'yes' }), 'schema-violation', '/pricesIncludeTax'],
    [
      { ...aRefund(), lines: [line('A', 1, 1_190)], tax: 190, amount: 1_191, pricesIncludeTax: true },
      'total-mismatch',
      '',
    ],
    [
      { ...aRefund(), lines: [], shipping: 200, tax: 19, amount: 119, pricesIncludeTax: true },
      'total-mismatch',
      '',
    ],
    [
      { ...anEdit(), added: [line('A', 1, 119)], tax: 19, total: 119, pricesIncludeTax: true },
      'schema-violation',
      '/added/0/tax',
    ],
    [
      { ...anEdit(), added: [line('A', 1, 119, { tax: 19 })], tax: 20, total: 119, pricesIncludeTax: true },
      'total-mismatch',
      '/tax',
    ],
  ] as const) {
    const fault = completed(JSON.parse(JSON.stringify(sent)));
    assert.ok('message' in fault, JSON.stringify(sent));
    const { code: own = 'schema-violation', path: ownPath } = fault as unknown as {
      code?: string;
      path: string;
    };
    assert.deepEqual([own, ownPath], [code, path], JSON.stringify(sent));
  }
});

test('what a schema lets out is taken, and what it declares is all there is', async () => {
  const { app } = await appOver([SHOP], { now: () => NOON });
  const {
    visitorId: _v,
    customerId: _c,
    eventId: _e,
    ...bare
  } = order({
    lines: [line('A', 1, 1_190)],
    ...{ tax: 190, total: 1_190, pricesIncludeTax: true },
  });
  const { refundId: _r, visitorId: _w, ...refund } = aRefund({ orderId: 'o1' });
  const { tax: _t, ...untold } = bare;
  assert.ok(!Compile(publishedSchemas.get('order_placed')!).Check(untold));
  for (const event of [bare, refund]) {
    assert.ok(Compile(publishedSchemas.get(event.type as string)!).Check(event), JSON.stringify(event));
    const answer = await app.inject({
      ...{ method: 'POST', url: '/v1/events', payload: JSON.stringify(event) },
      headers: { 'content-type': 'application/json' },
    });
    assert.equal(answer.statusCode, 200, answer.body);
  }
});

test('ids that are left out are made of what a copy has too', () => {
  const sent = without(aRefund({ orderId: 'o1' }), 'refundId', 'visitorId', 'eventId');
  const [first, copy] = [accepted(sent), accepted(sent)] as unknown as Record<string, string>[];
  assert.deepEqual(first, copy);
  assert.deepEqual([first!.visitorId, first!.refundId], ['order:o1', first!.eventId]);
  const known = accepted({ ...sent, customerId: 'c1', amount: 450 }) as unknown as Record<string, string>;
  assert.equal(known.visitorId, 'customer:c1');
  assert.notEqual(known.refundId, first!.refundId);
});

const sentLine = fc.record({
  sku: fc.constantFrom('A', 'B', 'C'),
  quantity: fc.integer({ min: 1, max: 50 }),
  unitPrice: fc.integer({ min: 0, max: 100_000 }),
  /** Parts of a thousand. */
  off: fc.integer({ min: 0, max: 1_000 }),
  tellsDiscount: fc.boolean(),
  tellsTax: fc.boolean(),
  rate: fc.constantFrom(0, 5, 7, 19, 25),
});
const parts = fc.record({
  // A line that tells its tax tells its discount as well: a share of the order's discount would change its tax.
  lines: fc.array(
    sentLine.map((each) => ({ ...each, tellsDiscount: each.tellsDiscount || each.tellsTax })),
    { minLength: 1, maxLength: 8 },
  ),
  shipping: fc.integer({ min: 0, max: 5_000 }),
});

/** Lines with tax in their prices, what they cost, and what lies in them, told by rates: not by what is tested. */
function inclusive({ lines, shipping }: typeof parts extends fc.Arbitrary<infer T> ? T : never) {
  const shippingTax = shipping - Math.round(shipping / 1.19);
  const each = lines.map(({ sku, quantity, unitPrice, off, tellsDiscount, tellsTax, rate }) => {
    const worth = quantity * unitPrice;
    const discount = Math.floor((worth * off) / 1_000);
    const price = worth - discount;
    const tax = price - Math.round(price / (1 + rate / 100));
    return { ...{ sku, quantity, unitPrice, worth, discount, price, tax }, tellsDiscount, tellsTax };
  });
  const sum = (of: (line: (typeof each)[number]) => number) =>
    each.reduce((total, line) => total + of(line), 0);
  return {
    each,
    sent: each.map((line) => ({
      ...{ sku: line.sku, quantity: line.quantity, unitPrice: line.unitPrice },
      ...(line.tellsDiscount ? { discount: line.discount } : {}),
      ...(line.tellsTax ? { tax: line.tax } : {}),
    })),
    ...{ worth: sum(({ worth }) => worth), discount: sum(({ discount }) => discount) },
    ...{ price: sum(({ price }) => price), tax: sum(({ tax }) => tax) + shippingTax, shippingTax },
  };
}
const piecesOf = (lines: readonly { sku: string; quantity: number }[]) => {
  const pieces: Record<string, number> = {};
  for (const { sku, quantity } of lines) pieces[sku] = (pieces[sku] ?? 0) + quantity;
  return pieces;
};
const netOf = (lines: readonly Line[]) =>
  lines.reduce((sum, { quantity, unitPrice, discount }) => sum + quantity * unitPrice - discount, 0);

test('an order that is told with tax in its prices sums to the penny, whatever it tells', () => {
  fc.assert(
    fc.property(parts, (told) => {
      const { sent, worth, discount, price, tax } = inclusive(told);
      const total = price + told.shipping;
      const event = accepted(
        order({ lines: sent, ...{ discount, shipping: told.shipping, tax, total, pricesIncludeTax: true } }),
      );
      assert.equal(event.total, total);
      assert.equal(event.tax, tax);
      assert.equal(event.subtotal! - event.discount! + event.shipping! + event.tax!, total);
      assert.equal(netOf(event.lines) + event.shipping!, total - tax);
      assert.deepEqual(piecesOf(event.lines), piecesOf(sent));
      assert.ok(event.subtotal! <= worth && event.discount! <= discount && event.shipping! <= told.shipping);
      for (const { unitPrice, discount: own, quantity } of event.lines)
        assert.ok(own >= 0 && own <= unitPrice * quantity && Number.isInteger(unitPrice));
    }),
    { numRuns: 2_000 },
  );
});

test('an edit and a refund that are told with tax in their prices sum to the penny, line by line', () => {
  const all = fc.tuple(parts, parts).map(([on, off]) => {
    const telling = (side: typeof on) => ({
      ...side,
      lines: side.lines.map((each) => ({ ...each, tellsTax: true, tellsDiscount: true })),
    });
    return [telling(on), telling(off)] as const;
  });
  fc.assert(
    fc.property(all, ([on, off]) => {
      const [added, removed] = [inclusive(on), inclusive(off)];
      const shipping = on.shipping - off.shipping;
      // Signs of the delivery's tax follow those of the delivery.
      const shippingTax = Math.sign(shipping) * Math.floor(Math.abs(shipping) / 7);
      const tax = added.tax - added.shippingTax - removed.tax + removed.shippingTax + shippingTax;
      const edit = accepted({
        ...anEdit(),
        ...{ added: added.sent, removed: removed.sent, shipping, tax, pricesIncludeTax: true },
        total: added.price - removed.price + shipping,
      });
      const net = (side: typeof added) => side.each.reduce((sum, each) => sum + each.price - each.tax, 0);
      assert.deepEqual([netOf(edit.added), netOf(edit.removed)], [net(added), net(removed)]);
      assert.equal(edit.shipping, shipping - shippingTax);
      const refund = accepted({
        ...aRefund(),
        ...{ lines: removed.sent, shipping: off.shipping, tax: removed.tax, pricesIncludeTax: true },
        amount: removed.price + off.shipping,
      });
      assert.equal(netOf(refund.lines), net(removed));
      assert.equal(netOf(refund.lines) + refund.shipping! + refund.tax!, refund.amount);
      assert.deepEqual(piecesOf(refund.lines), piecesOf(removed.sent));
    }),
    { numRuns: 1_000 },
  );
});
