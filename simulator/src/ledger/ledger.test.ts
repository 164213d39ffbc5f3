import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventRegistry, type StoreEvent } from '@storepulse/contracts';
import type { FaultShares } from '../faults/faults.ts';
import { createEngine } from '../run/engine.ts';
import type { OutgoingRecord } from '../sink/event-sink.ts';
import { createShopWorld } from '../world/shop-world.ts';
import { createIdLedger } from './ids.ts';
import { createLedger, ledgerWindowMs } from './ledger.ts';

const ORIGIN = Date.UTC(2026, 0, 5, 9);

/** A run with its ledger, and the records as Kafka has them. */
function run(faults: FaultShares, count = 40_000) {
  const worlds = [createShopWorld({ shop: 'first', market: 'gb' }, ORIGIN)];
  const profile = { profile: 'constant-arrival-rate', rate: 10 } as const;
  const engine = createEngine({ seed: 'one', worlds, origin: ORIGIN, profile });
  engine.command({ at: ORIGIN, command: { command: 'faults', faults } });
  const ledger = createLedger('run', ORIGIN);
  const records: OutgoingRecord[] = [];
  const written: OutgoingRecord[] = [];
  for (let n = 0; n < count; n++) {
    const due = engine.peek();
    const emission = engine.take();
    ledger.record(emission, due);
    if (engine.endedVisit !== null) ledger.endVisit(engine.endedVisit);
    if (emission.record) records.push(emission.record);
    written.push(...ledger.take());
  }
  return { ledger, records, written };
}

/** Reads the records back as a plain reader would: parse, check, forget what was there before, sum up. */
function bruteForce(records: readonly OutgoingRecord[]): StoreEvent[] {
  const seen = new Set<string>();
  return records.flatMap(({ value, key, topic }) => {
    let event: StoreEvent;
    try {
      event = JSON.parse(value) as StoreEvent;
    } catch {
      return [];
    }
    const spec = eventRegistry.get(event?.type);
    if (!spec || typeof event.shop !== 'string' || !Number.isSafeInteger(event.eventTime)) return [];
    if (spec.topic !== topic || (spec.key as (e: StoreEvent) => string)(event) !== key) return [];
    if ('visitorId' in event && typeof event.visitorId !== 'string') return [];
    if (event.shop !== 'first' || event.eventId.length > 64 || event.eventTime > ORIGIN + 86_400_000 * 300)
      return [];
    if ('currency' in event && event.currency !== 'GBP') return [];
    if (event.type === 'order_placed') {
      const { subtotal, discount, shipping, tax, total } = event;
      if (total !== subtotal - discount + shipping + tax) return [];
    }
    if (event.type === 'refund_issued' && event.amount !== grossOf(event.lines)) return [];
    if (seen.has(event.eventId)) return [];
    seen.add(event.eventId);
    return [event];
  });
}
const grossOf = (lines: readonly { unitPrice: number; quantity: number }[]) =>
  lines.reduce((sum, line) => sum + line.unitPrice * line.quantity, 0);

for (const [name, faults] of [
  ['without faults', {}],
  [
    'with every fault at once',
    {
      late: 0.05,
      out_of_order: 0.05,
      clock_skew: 0.05,
      duplicate: 0.05,
      malformed: 0.05,
      poison: 0.05,
      drop: 0.05,
    },
  ],
] as const) {
  test(`the ledger is what a plain reading of the topics gives, ${name}`, () => {
    const { ledger, records } = run(faults);
    const events = bruteForce(records);
    const orders = events.filter((event) => event.type === 'order_placed');
    const { sums, distinct, fates } = ledger.summary('first')!;
    const total = (metric: string) => sums[metric]?.total?.all ?? 0;

    assert.ok(orders.length > 50);
    assert.equal(total('orders'), orders.length);
    assert.equal(
      total('gross_sales'),
      orders.reduce((sum, { subtotal }) => sum + subtotal, 0),
    );
    assert.equal(
      total('discounts'),
      orders.reduce((sum, { discount }) => sum + discount, 0),
    );
    const ofType = (type: StoreEvent['type']) => events.filter((event) => event.type === type);
    assert.equal(total('product_views'), ofType('product_viewed').length);
    assert.equal(total('cart_adds'), ofType('cart_item_added').length);
    assert.equal(total('checkouts'), ofType('checkout_started').length);
    assert.equal(distinct.buyers!.total!.all, new Set(orders.map(({ visitorId }) => visitorId)).size);

    const sessions = new Set(
      events.flatMap((event) => ('sessionId' in event ? (event.sessionId ?? []) : [])),
    );
    assert.equal(total('sessions'), sessions.size);
    const converted = new Set(orders.map(({ sessionId }) => sessionId));
    assert.equal(total('converted_sessions'), converted.size);

    const byCountry = new Map<string, number>();
    for (const { country, subtotal } of orders)
      byCountry.set(country!, (byCountry.get(country!) ?? 0) + subtotal);
    assert.deepEqual(sums.gross_sales!.country, Object.fromEntries(byCountry));

    const processed = Object.values(fates).reduce((sum, counts) => sum + (counts.processed ?? 0), 0);
    assert.equal(processed, events.length);
    const all = Object.values(fates).flatMap((counts) => Object.values(counts));
    assert.equal(
      all.reduce((sum, count) => sum + count, 0),
      records.length,
    );
  });
}

test('the windows on the topic add up to the whole, each at its events’ own times', () => {
  const { ledger, records, written } = run({ late: 0.2 });
  const before = ledger.summary('first')!.sums;
  const all = [...written, ...ledger.take(true)].map(({ value }) => JSON.parse(value));
  const windows = all.filter(({ kind }) => kind === 'window');
  assert.ok(written.length > 0);
  const views = new Map<number, number>();
  for (const { start, sums } of windows) {
    views.set(start, (views.get(start) ?? 0) + (sums.product_views?.total.all ?? 0));
  }
  const expected = new Map<number, number>();
  for (const event of bruteForce(records)) {
    if (event.type !== 'product_viewed') continue;
    const start = Math.floor(event.eventTime / 10_000) * 10_000;
    expected.set(start, (expected.get(start) ?? 0) + 1);
  }
  for (const [start, count] of expected) assert.equal(views.get(start), count);
  assert.deepEqual(ledger.summary('first')!.sums, before);
});

test('every record of the ledger has a key of its own', () => {
  const { ledger, written } = run({}, 10_000);
  const keys = [...written, ...ledger.take(true)].map(({ key }) => key);
  assert.equal(new Set(keys).size, keys.length);
});

test('ids are counted exactly while there is room, and said to be unknown when there is none', () => {
  const ids = createIdLedger(100);
  for (let n = 0; n < 60; n++) ids.add('first', 'buyers', `v${n % 50}`, {});
  assert.equal(ids.counts('first').buyers!.total!.all, 50);
  for (let n = 0; n < 200; n++) ids.add('first', 'active_visitors', `v${n}`, {});
  const counts = ids.counts('first');
  assert.equal(counts.active_visitors!.total!.all, null);
  assert.equal(counts.buyers!.total!.all, 50);
});

test('a shop that the run does not have has no ledger', () => {
  assert.equal(createLedger('run', ORIGIN).summary('nowhere'), undefined);
});

test('windows of history are as fine as the metrics keep them at that age', () => {
  const day = 86_400_000;
  assert.deepEqual([0, day, 3 * day, 30 * day].map(ledgerWindowMs), [10_000, 10_000, 60_000, 3_600_000]);
});
