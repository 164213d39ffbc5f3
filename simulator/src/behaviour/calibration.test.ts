import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoreEvent } from '@storepulse/contracts';
import { createRunIds } from '../traffic/run-ids.ts';
import { createTrafficStream } from '../traffic/stream.ts';
import { createShopWorld } from '../world/shop-world.ts';
import {
  DEVICES,
  REPEAT_SHARE,
  REPEAT_WAIT,
  RETURN_SHARE,
  TARGETS,
  TOP_TENTH_OF_PRODUCTS,
} from './calibration.ts';

const ORIGIN = Date.UTC(2026, 0, 5);
const DAY = 86_400_000;

/** Traffic over some days, evenly spread. */
function* traffic(days: number, eventsPerDay: number): Generator<StoreEvent> {
  const worlds = [createShopWorld({ shop: 'first', market: 'gb' }, ORIGIN)];
  const seed = 'calibration';
  const stream = createTrafficStream({ seed, worlds, ids: createRunIds(seed, ORIGIN), origin: ORIGIN });
  for (let n = 0; n < days * eventsPerDay; n++)
    yield stream.next(ORIGIN + Math.floor((n * DAY) / eventsPerDay));
}

const counts = new Map<string, number>();
const sessions = new Map<string, Set<string>>();
const devices = new Map<string, number>();
const lines = new Map<string, number>();
const orders = new Map<string, number[]>();
let gross = 0;
let returned = 0;
const DAYS = 240;
for (const event of traffic(DAYS, 4_000)) {
  counts.set(event.type, (counts.get(event.type) ?? 0) + 1);
  if ('sessionId' in event && event.sessionId) {
    sessions.set(event.sessionId, (sessions.get(event.sessionId) ?? new Set()).add(event.type));
  }
  if (event.type === 'session_started') devices.set(event.device!, (devices.get(event.device!) ?? 0) + 1);
  if (event.type === 'refund_issued') returned += event.amount;
  if (event.type === 'order_placed') {
    gross += event.subtotal;
    for (const { sku } of event.lines) lines.set(sku, (lines.get(sku) ?? 0) + 1);
    if (event.customerId)
      orders.set(event.customerId, [...(orders.get(event.customerId) ?? []), event.eventTime]);
  }
}
const count = (type: string) => counts.get(type) ?? 0;
const share = (fits: (types: Set<string>) => boolean) =>
  [...sessions.values()].filter(fits).length / sessions.size;

/** Compares with a target, with room for what a sample of this size may be off. */
function near(actual: number, target: number, relative: number, what: string): void {
  assert.ok(Math.abs(actual / target - 1) <= relative, `${what}: ${actual.toFixed(4)} instead of ${target}`);
}

test('visits are as short and as successful as published ones', () => {
  near(
    share((types) => types.size === 1),
    TARGETS.bounce,
    0.02,
    'bounce',
  );
  near(count('product_viewed') / sessions.size, TARGETS.viewsPerVisit, 0.03, 'views per visit');
  const carts = share((types) => types.has('cart_item_added'));
  const converted = share((types) => types.has('order_placed'));
  near(carts, TARGETS.addToCart, 0.05, 'add to cart');
  near(converted, TARGETS.conversion, 0.06, 'conversion');
  near(1 - converted / carts, TARGETS.cartAbandonment, 0.04, 'cart abandonment');
  const checkouts = share((types) => types.has('checkout_started'));
  near(converted / checkouts, TARGETS.checkoutCompletion, 0.04, 'checkout completion');
});

test('as many payments fail as published', () => {
  const failed = count('payment_failed');
  near(failed / (failed + count('payment_authorized')), TARGETS.paymentFailure, 0.08, 'payment failure');
});

test('the best-selling tenth of the products makes its share of the lines', () => {
  const sorted = [...lines.values()].sort((a, b) => b - a);
  const all = sorted.reduce((sum, value) => sum + value, 0);
  const top = sorted.slice(0, 40).reduce((sum, value) => sum + value, 0);
  near(top / all, TOP_TENTH_OF_PRODUCTS, 0.06, 'share of the top tenth');
});

test('as much is returned as in the real data set', () => {
  near(returned / gross, RETURN_SHARE, 0.15, 'returned share of gross sales');
});

test('customers come back as often and as soon as in the real data set', () => {
  // Only those whose first order leaves time enough for a second one within the sample.
  const early = [...orders.values()].filter(([first]) => first! < ORIGIN + 60 * DAY);
  near(early.filter((times) => times.length > 1).length / early.length, REPEAT_SHARE, 0.1, 'repeat share');
  const gaps = early.filter((times) => times.length > 1).map(([first, second]) => second! - first!);
  const median = gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)]!;
  near(median / DAY, REPEAT_WAIT.median / DAY, 0.2, 'median days between orders');
});

test('devices come in their shares', () => {
  for (const [device, target] of Object.entries(DEVICES)) {
    near(devices.get(device)! / sessions.size, target, 0.08, device);
  }
});
