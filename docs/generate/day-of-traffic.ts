import type { StoreEvent } from '@storepulse/contracts';
import { createEngine } from '@storepulse/simulator/run/engine';
import { createShopWorld } from '@storepulse/simulator/world/shop-world';
import { type Band, barChart } from './bar-chart.ts';

const HOUR = 3_600_000;
/** A Thursday; London is on UTC. */
const DAY = Date.UTC(2026, 0, 8);
const BINS = 96;
const BIN_MS = (24 * HOUR) / BINS;
const MEAN_RATE = 2;

const VISITS: ReadonlySet<StoreEvent['type']> = new Set([
  'product_viewed',
  'product_list_viewed',
  'session_started',
  'search_performed',
]);
const CARTS: ReadonlySet<StoreEvent['type']> = new Set([
  'cart_item_added',
  'cart_item_removed',
  'cart_viewed',
  'checkout_started',
  'checkout_step_completed',
]);
const BANDS: readonly Band[] = [
  { from: 11, to: 12, label: 'payment outage' },
  { from: 14, to: 15, label: 'flash sale' },
];

/**
 * A picture (SVG) of one day of a shop as the simulator makes it: the profile `diurnal` with two scenarios, from one
 * seed, so that it is the same whenever it is drawn.
 */
export function dayOfTraffic(): string {
  const engine = createEngine({
    seed: 'a day of traffic',
    worlds: [createShopWorld({ shop: 'demo-shop', market: 'gb' }, DAY)],
    origin: DAY,
    profile: { profile: 'diurnal', rate: MEAN_RATE },
  });
  for (const [scenario, band] of [
    ['payment-outage', BANDS[0]!],
    ['flash-sale', BANDS[1]!],
  ] as const) {
    engine.command({ at: DAY + band.from * HOUR, command: { command: 'scenario-start', scenario } });
    engine.command({ at: DAY + band.to * HOUR, command: { command: 'scenario-end', scenario } });
  }
  const zeros = () => new Array<number>(BINS).fill(0);
  const counts = { visits: zeros(), carts: zeros(), other: zeros(), orders: zeros(), failed: zeros() };
  const count = (name: keyof typeof counts, bin: number) => {
    counts[name][bin]! += 1;
  };
  while (engine.peek() < DAY + 24 * HOUR) {
    const { type, eventTime } = engine.take().event;
    const bin = Math.floor((eventTime - DAY) / BIN_MS);
    count(VISITS.has(type) ? 'visits' : CARTS.has(type) ? 'carts' : 'other', bin);
    if (type === 'order_placed') count('orders', bin);
    if (type === 'payment_failed') count('failed', bin);
  }
  return barChart({
    title: 'A day of simulated traffic',
    bands: BANDS,
    panels: [
      {
        title: 'Events in a quarter of an hour',
        series: [
          { label: 'looking and searching', colour: '#0072b2', values: counts.visits },
          { label: 'carts and checkouts', colour: '#e69f00', values: counts.carts },
          { label: 'orders, payments, stock, logs', colour: '#8a8a8a', values: counts.other },
        ],
      },
      {
        title: 'Orders and failed payments in a quarter of an hour',
        series: [
          { label: 'orders', colour: '#009e73', values: counts.orders },
          { label: 'failed payments', colour: '#d55e00', values: counts.failed },
        ],
      },
    ],
  });
}
