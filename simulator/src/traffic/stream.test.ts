import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { eventRegistry, type StoreEvent, toRecord } from '@storepulse/contracts';
import { Value } from 'typebox/value';
import type { ScenarioName } from '../scenarios/scenarios.ts';
import { createShopWorld } from '../world/shop-world.ts';
import { createRunIds } from './run-ids.ts';
import { createTrafficStream } from './stream.ts';

const ORIGIN = Date.UTC(2026, 0, 5, 9);
/** A few hundred visits a day, so that the sample covers two weeks of returns and reviews. */
const GAP = 20_000;

function traffic(
  count: number,
  options: { seed?: string; origin?: number; gapMs?: number; scenario?: ScenarioName } = {},
): StoreEvent[] {
  const { seed = 'one', origin = ORIGIN, gapMs = GAP, scenario } = options;
  const worlds = [
    createShopWorld({ shop: 'first', market: 'gb' }, origin),
    createShopWorld({ shop: 'second', market: 'jp' }, origin),
  ];
  const stream = createTrafficStream({ seed, worlds, ids: createRunIds(seed, origin), origin });
  if (scenario) stream.beginScenario(scenario);
  return Array.from({ length: count }, (_, n) => stream.next(origin + n * gapMs));
}
const events = traffic(60_000);
/** Many orders, and all that may become of them. */
const rush = traffic(10_000, { scenario: 'order-rush', gapMs: 100 });
const records = (list: readonly StoreEvent[]) => list.map((event) => toRecord(event, '/simulator'));

test('the same seed, start and times give the same records', () => {
  assert.deepEqual(records(traffic(5_000)), records(events.slice(0, 5_000)));
});

test('another seed, or another start, gives other events and other business keys', () => {
  const seen = new Set(events.map(({ eventId }) => eventId));
  const orders = new Set(events.filter((e) => e.type === 'order_placed').map((e) => e.orderId));
  for (const other of [traffic(20_000, { seed: 'two' }), traffic(20_000, { origin: ORIGIN + 60_000 })]) {
    assert.ok(other.every((event) => !seen.has(event.eventId)));
    assert.ok(other.every((event) => event.type !== 'order_placed' || !orders.has(event.orderId)));
  }
});

test('the n-th event happens at the n-th due time', () => {
  assert.ok(events.every((event, n) => event.eventTime === ORIGIN + n * GAP));
});

test('every event fits its schema', () => {
  for (const event of events.slice(0, 5_000)) {
    assert.deepEqual([...Value.Errors(eventRegistry.get(event.type)!.schema, event)], []);
  }
});

test('event ids are never used twice', () => {
  assert.equal(new Set(events.map(({ eventId }) => eventId)).size, events.length);
});

test('in an order rush a few thousand events hold hundreds of orders, and all that may become of them', () => {
  const count = (type: StoreEvent['type']) => rush.filter((event) => event.type === type).length;
  assert.ok(count('order_placed') > 500, `${count('order_placed')} orders`);
  for (const type of ['order_edited', 'order_cancelled', 'refund_issued'] as const)
    assert.ok(count(type) > 30, `${count(type)} of ${type}`);
  assert.ok(rush.some((event) => event.type === 'refund_issued' && event.lines?.length === 0));
});

test('the amounts of every order add up', () => {
  const orders = events.filter((event) => event.type === 'order_placed');
  assert.ok(orders.length > 100);
  for (const { lines, subtotal, discount, shipping, tax, total } of orders) {
    assert.equal(
      subtotal,
      lines.reduce((sum, line) => sum + line.unitPrice * line.quantity, 0),
    );
    assert.equal(
      discount,
      lines.reduce((sum, line) => sum + line.discount, 0),
    );
    assert.equal(total, subtotal - discount + shipping + tax);
  }
});

test('what is paid is what was ordered', () => {
  const paid = new Map(
    events.filter((e) => e.type === 'payment_authorized').map((e) => [e.orderId, e.amount]),
  );
  for (const event of events) {
    if (event.type === 'order_placed') assert.equal(paid.get(event.orderId), event.total);
  }
});

test('a refund gives back lines of an earlier order as they were paid, and never more than that', () => {
  const orders = new Map(rush.filter((e) => e.type === 'order_placed').map((e) => [e.orderId, e]));
  const edits = Map.groupBy(
    rush.filter((event) => event.type === 'order_edited'),
    ({ orderId }) => orderId,
  );
  const refunds = rush.filter((event) => event.type === 'refund_issued');
  assert.ok(refunds.length > 20);
  for (const { orderId, lines = [], shipping = 0, tax = 0, amount, eventTime } of refunds) {
    const order = orders.get(orderId!)!;
    assert.ok(order.eventTime <= eventTime);
    const changes = edits.get(order.orderId) ?? [];
    const owed = changes.reduce((sum, { total }) => sum + total, order.total);
    assert.ok(amount <= owed, `${amount} of ${owed}`);
    if (lines.length > 0) assert.equal(amount, worthOf(lines) + shipping + tax);
    else assert.ok(amount > shipping + tax);
    const had = [...order.lines, ...changes.flatMap(({ added }) => added)];
    for (const line of lines) assert.ok(had.some((each) => isDeepStrictEqual(each, line)));
  }
  assert.ok(refunds.some(({ lines = [] }) => lines.some(({ discount = 0 }) => discount > 0)));
  assert.ok(refunds.some(({ shipping = 0 }) => shipping > 0) && refunds.some(({ tax = 0 }) => tax > 0));
});

test('an edit takes off lines that the order has, puts lines on, and its amounts add up', () => {
  const orders = new Map(rush.filter((e) => e.type === 'order_placed').map((e) => [e.orderId, e]));
  const edits = rush.filter((event) => event.type === 'order_edited');
  assert.ok(edits.some(({ added }) => added.length > 0) && edits.some(({ removed }) => removed.length > 0));
  for (const { orderId, eventTime, added, removed, shipping, tax, total } of edits) {
    const order = orders.get(orderId)!;
    assert.ok(order.eventTime <= eventTime);
    for (const line of removed) assert.ok(order.lines.some((each) => each.sku === line.sku));
    assert.equal(total, worthOf(added) - worthOf(removed) + shipping + tax);
    assert.ok(order.total + total >= 0);
  }
});

/** What lines are worth after their discounts. */
function worthOf(lines: readonly { unitPrice: number; quantity: number; discount?: number }[]): number {
  return lines.reduce((sum, line) => sum + line.unitPrice * line.quantity - (line.discount ?? 0), 0);
}

test('a visit begins with its session, and checks out only what was put into the cart', () => {
  const seen = new Map<string, Set<string>>();
  for (const event of events) {
    if (!('sessionId' in event) || event.sessionId === null) continue;
    const types = seen.get(event.sessionId) ?? new Set();
    if (types.size === 0) assert.equal(event.type, 'session_started');
    if (event.type === 'checkout_started') assert.ok(types.has('cart_item_added'));
    if (event.type === 'order_placed') assert.ok(types.has('payment_authorized'));
    seen.set(event.sessionId, types.add(event.type));
  }
});

test('after a long pause, the visits that were under way have ended', () => {
  const worlds = [createShopWorld({ shop: 'first', market: 'gb' }, ORIGIN)];
  const stream = createTrafficStream({
    seed: 'one',
    worlds,
    ids: createRunIds('one', ORIGIN),
    origin: ORIGIN,
  });
  const before = new Set<string>();
  for (let n = 0; n < 2_000; n++) {
    const event = stream.next(ORIGIN + n * 10);
    if ('sessionId' in event && event.sessionId) before.add(event.sessionId);
  }
  for (let n = 0; n < 2_000; n++) {
    const event = stream.next(ORIGIN + 86_400_000 + n * 10);
    if ('sessionId' in event && event.sessionId) assert.ok(!before.has(event.sessionId));
  }
});
