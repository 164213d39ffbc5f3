import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { EventOf, StoreEvent } from '@storepulse/contracts';
import { anOrder, NOON, SHOP } from '@storepulse/processor/testing/events';
import { BSON } from 'mongodb';
import { untilDrained } from '../support/pipeline/drained.ts';
import type { Pipeline } from '../support/pipeline/pipeline.ts';
import { createSender } from '../support/pipeline/sender.ts';
import { until } from '../support/until.ts';

/** What names Jane, or one of her devices, anywhere. */
const TRACES = ['Jane Roe', 'jane@roe.example', 'jane-17', 'janes-phone', 'janes-laptop', 'janes-tablet'];

const JANE = { customerId: 'jane-17', name: 'Jane Roe' };
const BOB = { customerId: 'bob-4', name: 'Bob Moe' };

const jane: EventOf<'customer_upserted'> = {
  type: 'customer_upserted',
  eventId: 'customer-event-1',
  eventTime: NOON,
  shop: 'demo',
  ...JANE,
  email: 'jane@roe.example',
  country: 'France',
  createdAt: NOON,
  lastLoginAt: null,
};

/** A tombstone on `customers` clears the person from the database, whichever tasks her facts belong to. */
export async function erasesCustomers(t: TestContext, pipeline: Pipeline): Promise<void> {
  const { db } = pipeline;
  await pipeline.start('processor');
  const send = await createSender(pipeline);
  const tombstone = () => send.records('customers', { key: 'demo|jane-17', value: null });
  const traces = async () => {
    const collections = await db.listCollections().toArray();
    const texts = await Promise.all(
      collections.map(async ({ name }) => BSON.EJSON.stringify(await db.collection(name).find().toArray())),
    );
    return TRACES.filter((trace) => texts.some((text) => text.includes(trace)));
  };
  const salesOf = async () =>
    (await pipeline.metrics.findOne({ shop: 'demo', group: 'sales', part: 'narrow', resolution: 'all' }))
      ?.cells;

  await send.events(
    { ...SHOP },
    jane,
    ...eventsOf(JANE, 'janes-phone', 'o1'),
    ...eventsOf(JANE, 'janes-laptop', 'o2'),
  );
  await send.events(...eventsOf(BOB, 'bobs-phone', 'o3'));
  await untilDrained(pipeline);
  const before = await salesOf();
  assert.deepEqual(await traces(), TRACES.slice(0, 5));

  await t.test('nothing in the database names the person any more, and the figures stay', async () => {
    await tombstone();
    await until('all traces are gone', traces, (left) => left.length === 0);
    assert.deepEqual(await salesOf(), before);
    assert.equal(before?.total?.all?.orders, 3);
  });
  await t.test('nobody else is cleared', async () => {
    const kept = await db
      .collection('orders')
      .find({ customerId: { $ne: null } })
      .toArray();
    assert.deepEqual(
      kept.map(({ customerId, visitorId }) => [customerId, visitorId]),
      [['bob-4', 'bobs-phone']],
    );
  });
  await t.test('what still comes of the person is counted without her', async () => {
    await send.events(...eventsOf(JANE, 'janes-tablet', 'o4'));
    await untilDrained(pipeline);
    assert.equal((await salesOf())?.total?.all?.orders, 4);
    assert.deepEqual(await traces(), []);
  });
}

/** One event of each kind of fact, around an order. */
function eventsOf({ customerId, name }: typeof JANE, visitorId: string, orderId: string): StoreEvent[] {
  const who = { visitorId, sessionId: null, customerId };
  const { type: _type, lines, subtotal, discount, shipping, tax, total, ...visit } = anOrder(who);
  const event = (suffix: string) => ({
    ...visit,
    ...who,
    orderId,
    eventId: `event-${orderId}-${suffix}`,
  });
  return [
    { type: 'order_placed', lines, subtotal, discount, shipping, tax, total, ...event('order') },
    {
      type: 'payment_failed',
      ...event('fail'),
      paymentId: `${orderId}-1`,
      amount: 1,
      method: null,
      reason: 'x',
    },
    { type: 'payment_authorized', ...event('pay'), paymentId: `${orderId}-2`, amount: 1, method: null },
    { type: 'refund_issued', ...event('refund'), refundId: orderId, lines, amount: subtotal },
    {
      type: 'adjustment_posted',
      ...event('post'),
      adjustmentId: orderId,
      amount: -1,
      reason: `${name} asked`,
    },
    {
      type: 'stock_moved',
      ...event('move'),
      movementId: orderId,
      sku: 'A',
      quantity: -1,
      reason: `for ${name}`,
    },
    { type: 'order_cancelled', ...event('cancel'), reason: `as ${name} wrote` },
  ];
}
