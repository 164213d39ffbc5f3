import { catalog } from '@storepulse/contracts';
import { documentsOf } from '@storepulse/exporter/testing/documents';
import { createMemoryLive } from '@storepulse/exporter/testing/memory-live';
import { createMemoryStore } from '@storepulse/exporter/testing/memory-store';
import { makeShop } from '@storepulse/exporter/testing/shops';
import { NOON_ZONE } from './noon-zone.ts';

const ukRetail = makeShop();
const demo = makeShop({
  shop: 'demo',
  name: 'Demo shop',
  currency: 'EUR',
  scale: 2,
  timeZone: NOON_ZONE,
});

/** When the one order of the British shop was placed. */
export const UK_ORDER_TIME = Date.UTC(2010, 11, 1, 8, 26);

const LONDON_MONTHS = ['2010-12-01T00:00Z', '2011-01-01T00:00Z', '2011-02-01T00:00Z'].map((time) =>
  Date.parse(time),
);
/** Two months in which the two customers of the facts ordered: both in the first, one of them in the second. */
export const COHORT = { from: LONDON_MONTHS[0]!, to: LONDON_MONTHS[2]! };

const circumstances = { country: 'United Kingdom', device: 'mobile', channel: 'email' };
const order = (customerId: string, eventTime: number) => ({
  ...circumstances,
  customerId,
  eventTime,
  subtotal: 10_000,
  discount: 0,
  paymentMethod: 'card',
});
const facts = {
  orders: [
    order('ann', UK_ORDER_TIME),
    order('bob', UK_ORDER_TIME),
    order('ann', LONDON_MONTHS[1]! + 3_600_000),
  ],
  payments: [
    {
      ...circumstances,
      orderId: '1',
      eventTime: Date.now() - 60_000,
      type: 'payment_failed' as const,
      method: 'card',
    },
  ],
  products: [
    { stock: 0, category: 'Mugs' },
    { stock: 3, category: 'Mugs' },
  ],
};

/** What happened in the German shop a minute ago: an order, a payment of it that failed, and one that did not. */
const ofOrder = { shop: 'demo', ...circumstances, country: 'Germany', orderId: 'o-1', currency: 'EUR' };
const EVENTS = {
  orders: [
    {
      ...{ _id: 'demo|o-1', type: 'order_placed', eventId: 'order-event-1', ...ofOrder },
      ...{ eventTime: Date.now() - 60_000, lines: [], subtotal: 1_250, discount: 0, shipping: 0, tax: 0 },
      ...{ total: 1_250, paymentMethod: 'card' },
    },
    {
      ...{ _id: 'demo|o-2', type: 'order_placed', eventId: 'order-event-2', ...ofOrder, orderId: 'o-2' },
      ...{ eventTime: Date.now() - 50_000, lines: [], subtotal: 990, discount: 0, shipping: 0, tax: 0 },
      ...{ total: 990, paymentMethod: 'card' },
    },
  ],
  payments: [
    {
      ...{ _id: 'demo|p-1', type: 'payment_failed', eventId: 'payment-event-1', ...ofOrder },
      ...{
        eventTime: Date.now() - 59_000,
        paymentId: 'p-1',
        amount: 1_250,
        method: 'card',
        reason: 'declined',
      },
    },
    {
      ...{ _id: 'demo|p-2', type: 'payment_authorized', eventId: 'payment-event-2', ...ofOrder },
      ...{ eventTime: Date.now() - 58_000, paymentId: 'p-2', amount: 1_250, method: 'card' },
    },
  ],
};

const named = { 'P-0': 'Blue mug', 'P-1': 'Kettle', '85123A': 'White heart' };
const products = Object.entries(named).map(([sku, name], n) => ({
  ...{ _id: `demo|${sku}`, shop: 'demo', sku, eventId: `product-event-${n}`, eventTime: 0, name },
  ...{ category: 'Kitchen', price: 1_250 + n, stock: 3, supplier: null, rating: null },
}));

/** Visits of the German shop that began a minute ago: of two on a phone both viewed and one ordered. */
const visits = [
  { device: 'mobile', steps: { viewed: [2_000], ordered: [9_000] } },
  { device: 'mobile', steps: { viewed: [4_000] } },
  { device: 'desktop', steps: {} },
].map(({ device, steps }) => {
  const firstTime = Date.now() - 60_000;
  const at = Object.entries(steps).map(([step, times]) => [step, times.map((after) => firstTime + after)]);
  return {
    firstTime,
    device,
    channel: 'email',
    country: 'Germany',
    settled: false,
    steps: Object.fromEntries(at),
  };
});

const country = (name: string) => ({ country: name, sku: '85123A' });

/** What happens in the shops, which can be followed. */
export const whatHappens = () => createMemoryLive(EVENTS);

/**
 * What the exporter reads in these tests: a British shop with pounds of three decimals and its sales in 2010, and a
 * German one with an order and some visits a minute ago, a release and an outage before. Both have the same facts.
 */
export function twoShops(live = whatHappens()) {
  return createMemoryStore({
    shops: [demo, ukRetail],
    documents: [
      ...documentsOf(catalog, ukRetail, [
        {
          time: UK_ORDER_TIME,
          adds: { gross_sales: 10_666_684_544, orders: 1 },
          dimensions: country('United Kingdom'),
        },
        { time: UK_ORDER_TIME, adds: { returns: 896_812_490 }, dimensions: country('United Kingdom') },
        { time: UK_ORDER_TIME, adds: { adjustments: -22_124_120 }, dimensions: {} },
      ]),
      ...documentsOf(catalog, demo, [
        {
          time: Date.now() - 60_000,
          adds: { gross_sales: 1_250, orders: 1 },
          dimensions: country('Germany'),
        },
        {
          time: Date.now() - 60_000,
          adds: {
            product_views: 1,
            checkout_latency: 300,
            payment_attempts: 1,
            failed_payments: 1,
            searches: 1,
          },
          dimensions: country('Germany'),
        },
        { time: Date.now() - 60_000, adds: { payment_attempts: 1 }, dimensions: country('Germany') },
        ...[1, 2, 3, 4].map((n) => ({
          time: Date.now() - 60_000,
          adds: {
            sessions: 1,
            settled_sessions: 1,
            ...(n > 2 ? { bounced_sessions: 1 } : {}),
            ...(n === 1 ? { viewing_sessions: 1, converted_sessions: 1, funnel_order_sessions: 1 } : {}),
          },
          dimensions: country('Germany'),
        })),
      ]),
    ],
    facts,
    visits,
    live,
    records: { orders: EVENTS.orders, products },
    annotations: [
      {
        _id: 'demo|release-7',
        shop: 'demo',
        title: 'Release 7',
        text: 'The new checkout',
        tags: ['release'],
        ...{ start: Date.now() - 30 * 60_000, end: Date.now() - 30 * 60_000 },
      },
      {
        _id: 'demo|outage-1',
        shop: 'demo',
        title: 'Payment outage',
        text: 'The provider did not answer',
        tags: ['outage'],
        start: Date.now() - 20 * 60_000,
        end: Date.now() - 10 * 60_000,
      },
    ],
  });
}

/** An order that comes while somebody looks: the event, and the windows that count it and the one before. */
export function anotherOrder() {
  const time = Date.now() - 30_000;
  const [order] = EVENTS.orders;
  return {
    event: { ...order!, _id: 'demo|o-3', eventId: 'order-event-3', orderId: 'o-3', eventTime: time },
    windows: documentsOf(
      catalog,
      demo,
      [1, 2, 3].map(() => ({
        time,
        adds: { gross_sales: 1_250, orders: 1 },
        dimensions: country('Germany'),
      })),
      ['1m'],
    ),
  };
}
