import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type StoreEvent, zoneCalendar } from '@storepulse/contracts';
import { createEngine } from '../run/engine.ts';
import { createRunIds } from '../traffic/run-ids.ts';
import { createTrafficStream } from '../traffic/stream.ts';
import { MARKETS, type MarketName } from '../world/markets.ts';
import { createShopWorld } from '../world/shop-world.ts';
import {
  CANCELLED_SHARE,
  CHANNELS,
  DEVICES,
  EDITED_SHARE,
  EMPTY_SEARCH_SHARE,
  PAYMENT_METHODS,
  REPEAT_SHARE,
  REPEAT_WAIT,
  RETURN_SHARE,
  REVIEWED_SHARE,
  TARGETS,
  TOP_TENTH_OF_PRODUCTS,
  VOUCHER_SHARE,
} from './calibration.ts';
import { HOURS_10_TO_15, WEEK_SHAPES } from './week-shapes.ts';

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
const channels = new Map<string, number>();
const methods = new Map<string, number>();
const lines = new Map<string, number>();
const orders = new Map<string, number[]>();
const cancelled = new Set<string>();
let gross = 0;
let returned = 0;
let discounted = 0;
let fruitless = 0;
// These 50 MB would stay for the files that are tested after this one.
after(() => sessions.clear());
const increase = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1);
const DAYS = 240;
for (const event of traffic(DAYS, 4_000)) {
  increase(counts, event.type);
  if ('sessionId' in event && event.sessionId) {
    sessions.set(event.sessionId, (sessions.get(event.sessionId) ?? new Set()).add(event.type));
  }
  if (event.type === 'session_started') {
    increase(devices, event.device!);
    increase(channels, event.channel!);
  }
  if (event.type === 'search_performed' && event.results === 0) fruitless += 1;
  if (event.type === 'order_cancelled') cancelled.add(event.orderId);
  // What orders were called off is no return of goods.
  if (event.type === 'refund_issued' && !cancelled.has(event.orderId!)) {
    for (const line of event.lines ?? []) returned += line.unitPrice * line.quantity;
  }
  if (event.type === 'order_placed') {
    gross += event.subtotal;
    if (event.discount > 0) discounted += 1;
    increase(methods, event.paymentMethod!);
    for (const { sku } of event.lines) increase(lines, sku);
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

test('devices, channels and payment methods come in their shares', () => {
  const shares: [ReadonlyMap<string, number>, Readonly<Record<string, number>>, number, number][] = [
    [devices, DEVICES, sessions.size, 0.08],
    [channels, CHANNELS, sessions.size, 0.05],
    [methods, PAYMENT_METHODS, count('order_placed'), 0.2],
  ];
  for (const [found, targets, all, room] of shares) {
    for (const [value, target] of Object.entries(targets)) near(found.get(value)! / all, target, room, value);
  }
});

test('what was chosen comes out as well: searches in vain, vouchers, cancellations, reviews', () => {
  near(fruitless / count('search_performed'), EMPTY_SEARCH_SHARE, 0.05, 'searches without results');
  const placed = count('order_placed');
  near(discounted / placed, VOUCHER_SHARE, 0.1, 'orders with a voucher');
  near(count('order_cancelled') / placed, CANCELLED_SHARE, 0.3, 'cancelled orders');
  near(count('order_edited') / (placed - count('order_cancelled')), EDITED_SHARE, 0.2, 'edited orders');
  near(count('review_submitted') / (placed - count('order_cancelled')), REVIEWED_SHARE, 0.2, 'reviews');
});

const weeks = new Map(
  (Object.keys(MARKETS) as MarketName[]).map((market) => [market, busyTimes(market)] as const),
);

test('the hours and weekdays of each market come in their shares', () => {
  for (const [market, { hours, weekdays }] of weeks) {
    const shares = (values: readonly number[]) => {
      const sum = values.reduce((total, value) => total + value, 0);
      return values.map((value) => value / sum);
    };
    for (const [found, shape] of [
      [hours, WEEK_SHAPES[market].hours],
      [weekdays, WEEK_SHAPES[market].weekdays],
    ] as const) {
      const wanted = shares(shape);
      shares(found).forEach((value, index) => {
        const difference = Math.abs(value - wanted[index]!);
        assert.ok(
          difference < 0.002,
          `${market}, ${index} of ${found.length}: ${value}, not ${wanted[index]}`,
        );
      });
    }
  }
});

test('in the British shop, the hours from 10 to 15 carry as much as in the real data set', () => {
  const { hours } = weeks.get('gb')!;
  const all = hours.reduce((sum, value) => sum + value, 0);
  near(hours.slice(10, 16).reduce((sum, value) => sum + value, 0) / all, HOURS_10_TO_15, 0.01, 'share');
});

/** Events of a week of the profile `diurnal`, by local hour and weekday, Monday first. */
function busyTimes(market: MarketName) {
  const calendar = zoneCalendar(MARKETS[market].timeZone);
  const origin = calendar.instant(2026, 1, 5);
  const worlds = [createShopWorld({ shop: 'first', market }, origin)];
  const engine = createEngine({ seed: 'week', worlds, origin, profile: { profile: 'diurnal', rate: 0.05 } });
  const hours = new Array<number>(24).fill(0);
  const weekdays = new Array<number>(7).fill(0);
  for (let due = engine.peek(); due < origin + 7 * DAY; due = engine.peek()) {
    engine.take();
    hours[Math.floor((due - calendar.dayStart(due)) / 3_600_000)]! += 1;
    weekdays[(calendar.localDate(due).weekday + 6) % 7]! += 1;
  }
  return { hours, weekdays };
}
