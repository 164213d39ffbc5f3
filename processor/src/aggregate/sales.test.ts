import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, type EventOf, evaluate, type OrderLine, type StoreEvent } from '@storepulse/contracts';
import fc from 'fast-check';
import { anEdit, anOrder, aRefund, NOON } from '../testing/events.ts';
import { memoryTask } from '../testing/memory-task.ts';
import { compilePlan } from './plan.ts';

const plan = compilePlan(catalog);

/** Sums and formulas of the shop’s whole life after some events, in minor units. */
async function lifetime(events: readonly StoreEvent[]) {
  const task = memoryTask(plan);
  await task.count(events);
  task.commit();
  const read = (metric: string) =>
    [...task.readAll('sales', metric, ['total'])].find(([cell]) => cell.includes('|all|'))?.[1] ?? 0;
  return (name: string): number => {
    const metric = catalog.metrics.get(name)!;
    return metric.kind === 'derived' ? evaluate(metric.expression, read) : read(name);
  };
}

/** An order of these lines, with charges. */
function orderOf(lines: OrderLine[], shipping = 0, tax = 0, orderId = 'o1'): EventOf<'order_placed'> {
  const subtotal = lines.reduce((sum, line) => sum + line.unitPrice * line.quantity, 0);
  const discount = lines.reduce((sum, line) => sum + line.discount, 0);
  const total = subtotal - discount + shipping + tax;
  return anOrder({ orderId, lines, subtotal, discount, shipping, tax, total });
}
const lineOf = (unitPrice: number, discount = 0, sku = 'A'): OrderLine => ({
  ...{ sku, category: 'Toys', quantity: 1, unitPrice, discount },
});
const net = (lines: readonly OrderLine[]) =>
  lines.reduce((sum, line) => sum + line.unitPrice * line.quantity - line.discount, 0);

test('a discounted line that is returned whole leaves net sales of nothing', async () => {
  const line = lineOf(2_000, 500);
  const read = await lifetime([orderOf([line]), aRefund({ lines: [line], amount: 1_500 })]);
  assert.deepEqual(['gross_sales', 'discounts', 'returns', 'net_sales'].map(read), [2_000, 500, 1_500, 0]);
});

test('it leaves nothing either when its refund tells the price alone, or what was paid alone', async () => {
  const order = orderOf([lineOf(2_000, 500)]);
  const { discount: _, ...line } = order.lines[0]!;
  for (const amount of [2_000, 1_500]) {
    const read = await lifetime([order, aRefund({ orderId: 'o1', lines: [line], amount })]);
    assert.deepEqual(['returns', 'net_sales', 'total_sales'].map(read), [1_500, 0, 0], `${amount}`);
  }
  const edit = anEdit({ orderId: 'o1', removed: [line], total: -2_000 });
  assert.equal((await lifetime([order, edit]))('net_sales'), 0);
});

test('delivery and tax that are given back leave total sales of nothing', async () => {
  const line = lineOf(24_990);
  const refund = aRefund({ lines: [line], shipping: 1_532, tax: 500, amount: 27_022 });
  const read = await lifetime([orderOf([line], 1_532, 500), refund]);
  assert.deepEqual(
    ['net_sales', 'shipping', 'shipping_returned', 'total_sales'].map(read),
    [0, 1_532, 1_532, 0],
  );
});

test('a refund without lines lowers net sales by what it gives back beyond delivery and tax', async () => {
  const { lines: _none, ...goodwill } = aRefund({ refundId: 'r1', amount: 500 });
  const charges = aRefund({ refundId: 'r2', lines: [], shipping: 300, tax: 60, amount: 360 });
  const read = await lifetime([orderOf([lineOf(2_000)], 300, 60), goodwill, charges]);
  assert.deepEqual(['refunds', 'returns', 'net_sales', 'total_sales'].map(read), [2, 500, 1_500, 1_500]);
});

test('of 60.00 there are 10.00 left once 50.00 are called off and given back, and 60.00 until then', async () => {
  const kept = orderOf([lineOf(1_000)], 0, 0, 'kept');
  const gone = orderOf([lineOf(5_000)], 0, 0, 'gone');
  const { currency: _c, lines: _l, amount: _a, refundId: _r, ...visit } = aRefund({ orderId: 'gone' });
  const cancelled: StoreEvent = { ...visit, type: 'order_cancelled', orderId: 'gone' };
  const refund = aRefund({ orderId: 'gone', lines: gone.lines, amount: 5_000 });
  const before = await lifetime([kept, gone, cancelled]);
  assert.deepEqual(['cancellations', 'net_sales'].map(before), [1, 6_000]);
  const after = await lifetime([kept, gone, cancelled, refund]);
  assert.deepEqual(['cancellations', 'net_sales', 'total_sales'].map(after), [1, 1_000, 1_000]);
});

test('an order of 80.00 that is edited to 50.00 counts 50.00, booked when it was edited', async () => {
  const lines = [lineOf(5_000), lineOf(3_000, 0, 'B')];
  const edit = anEdit({ orderId: 'o1', removed: [lines[1]!], total: -3_000, eventTime: NOON + 60_000 });
  const read = await lifetime([orderOf(lines), edit]);
  assert.deepEqual(
    ['gross_sales', 'returns', 'net_sales', 'orders', 'order_edits'].map(read),
    [8_000, 3_000, 5_000, 1, 1],
  );
  const task = memoryTask(plan);
  await task.count([edit]);
  task.commit();
  const returns = task.readAll('sales', 'returns', ['sku']);
  const minute = [...returns].filter(([cell]) => cell.includes('|1m|'));
  assert.equal(minute.length, 1);
  assert.match(minute[0]![0], new RegExp(`${NOON + 60_000}.* sku/B$`));
});

test('an edit that lowers delivery and tax gives them back, one that raises them charges more', async () => {
  const order = orderOf([lineOf(2_000)], 300, 100);
  const down = anEdit({ editId: 'e1', shipping: -300, tax: -20, total: -320 });
  const up = anEdit({ editId: 'e2', shipping: 50, tax: 10, total: 60 });
  const read = await lifetime([order, down, up]);
  assert.deepEqual(
    ['shipping', 'shipping_returned', 'tax', 'tax_returned', 'total_sales'].map(read),
    [350, 300, 110, 20, 2_140],
  );
});

const line: fc.Arbitrary<OrderLine> = fc
  .record({
    sku: fc.constantFrom('A', 'B', 'C'),
    quantity: fc.integer({ min: 1, max: 4 }),
    unitPrice: fc.integer({ min: 0, max: 900 }),
    off: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ sku, quantity, unitPrice, off }) => ({
    ...{ sku, category: 'Toys', quantity, unitPrice, discount: Math.floor(unitPrice * quantity * off) },
  }));
const lines = fc.array(line, { minLength: 1, maxLength: 4 });
const charge = fc.integer({ min: 0, max: 500 });

test('whatever an order was and was edited to: given back whole, it leaves nothing, in any order', async () => {
  await fc.assert(
    fc.asyncProperty(
      ...[lines, lines, charge, charge, charge, charge, fc.infiniteStream(fc.integer())],
      async (before, after, shipping, tax, newShipping, newTax, chance) => {
        const order = orderOf(before, shipping, tax);
        const edit = anEdit({
          orderId: 'o1',
          removed: before,
          added: after,
          shipping: newShipping - shipping,
          tax: newTax - tax,
          total: net(after) - net(before) + newShipping - shipping + newTax - tax,
        });
        const refund = aRefund({
          ...{ orderId: 'o1', lines: after, shipping: newShipping, tax: newTax },
          amount: net(after) + newShipping + newTax,
        });
        const events = [order, edit, refund].map((event) => ({ event, at: chance.next().value as number }));
        const shuffled = events.sort((a, b) => a.at - b.at).map(({ event }) => event);
        const read = await lifetime(shuffled);
        assert.deepEqual(['net_sales', 'total_sales'].map(read), [0, 0]);
      },
    ),
    { numRuns: 100 },
  );
});
