import { catalog, type Shop } from '@storepulse/contracts';
import { documentsOf, type Happening } from '@storepulse/exporter/testing/documents';
import { createMemoryLive } from '@storepulse/exporter/testing/memory-live';
import { createMemoryStore } from '@storepulse/exporter/testing/memory-store';
import { makeOrder, makeProduct, makeReview } from '@storepulse/exporter/testing/records';
import { makeShop } from '@storepulse/exporter/testing/shops';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** So much history the shop has. */
const HISTORY = 15 * DAY;
/** So much of it is also stored by windows of ten seconds and a minute. */
const RECENT = 3 * HOUR;

const COUNTRIES = ['GB', 'DE', 'FR', 'IE', 'NL', 'US', 'ES', 'SE'];
const DEVICES = ['mobile', 'desktop', 'tablet'];
const CHANNELS = ['organic', 'email', 'social', 'paid', 'direct'];
const METHODS = ['card', 'paypal', 'invoice'];
const CATEGORIES = ['Kitchen', 'Garden', 'Toys', 'Office'];
const NAMES = ['Steel kettle', 'Oak board', 'Blue mug', 'Rain barrel', 'Wooden train', 'Desk lamp'];

/** The shop that is looked at. */
export const SHOP: Shop = makeShop({ shop: 'demo-shop', name: 'Demo Shop', scale: 2, timeZone: 'UTC' });

/** One after the other, the same each time: a generator of pseudo-random numbers below `n` (mulberry32). */
function dice(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % n;
  };
}

/** Skewed, so that some values are larger than others. */
function one<T>(roll: (n: number) => number, values: readonly T[]): T {
  return values[Math.min(roll(values.length), roll(values.length))]!;
}

/** A visit of a shop at a time: what it adds, and whether it ordered. */
function visitAt(time: number, n: number, roll: (n: number) => number) {
  const product = Math.min(roll(NAMES.length), roll(NAMES.length));
  const dimensions = {
    country: one(roll, COUNTRIES),
    device: one(roll, DEVICES),
    channel: one(roll, CHANNELS),
    payment_method: one(roll, METHODS),
    category: CATEGORIES[product % CATEGORIES.length]!,
    sku: `SKU-${product}`,
  };
  const [views, carts, begins] = [roll(10) < 8, roll(10) < 4, roll(10) < 3];
  const orders = begins && roll(10) < 7;
  const amount = 500 + roll(12_000);
  const adds: Record<string, number | string> = {
    sessions: 1,
    settled_sessions: 1,
    active_visitors: `v${n}`,
  };
  if (!views) adds.bounced_sessions = 1;
  if (views) Object.assign(adds, { viewing_sessions: 1, product_views: 1 + roll(4), searches: roll(2) });
  if (carts)
    Object.assign(adds, {
      cart_sessions: 1,
      cart_adds: 1,
      settled_carts: 1,
      abandoned_carts: orders ? 0 : 1,
    });
  if (begins) {
    Object.assign(adds, { checkout_sessions: 1, checkouts: 1, checkout_latency: 80 + roll(900) });
    Object.assign(adds, { settled_checkouts: 1, payment_attempts: 1, failed_payments: orders ? 0 : 1 });
  }
  if (orders) {
    Object.assign(adds, { gross_sales: amount, orders: 1, order_lines: 1, units: 1 + roll(3) });
    Object.assign(adds, { converted_sessions: 1, funnel_order_sessions: 1, buyers: `v${n}` });
    if (roll(12) === 0) Object.assign(adds, { returns: Math.floor(amount / 2), refunds: 1 });
  }
  const happening: Happening = { time, adds, dimensions };
  const step = (at: number, did: boolean) => (did ? [time + at * 1_000] : []);
  const steps = {
    viewed: step(5, views),
    carted: step(60, carts),
    checkout: step(90, begins),
    ordered: step(150, orders),
  };
  const { country, device, channel } = dimensions;
  return {
    happening,
    visit: {
      firstTime: time,
      device,
      channel,
      country,
      settled: true,
      steps: Object.fromEntries(Object.entries(steps).filter(([, times]) => times.length > 0)),
    },
    order: orders
      ? { ...dimensions, orderId: `o-${n}`, eventTime: time, customerId: `c-${roll(40)}`, total: amount }
      : undefined,
  };
}

/** A store in memory with the windows, visits and records of a shop that is busy at noon and quiet at night. */
export function filledShop(now = Date.now()) {
  const roll = dice(7);
  const happened: ReturnType<typeof visitAt>[] = [];
  for (let hour = now - HISTORY; hour < now; hour += HOUR) {
    const visits = Math.round(9 - 6 * Math.cos((2 * Math.PI * (hour % DAY)) / DAY));
    for (let v = 0; v < visits; v++) {
      const time = hour + roll(HOUR);
      if (time < now) happened.push(visitAt(time, happened.length, roll));
    }
  }
  const happenings = happened.map(({ happening }) => happening);
  const documents = [
    ...documentsOf(catalog, SHOP, happenings, ['1h', '1d', 'all']),
    ...documentsOf(
      catalog,
      SHOP,
      happenings.filter(({ time }) => time > now - RECENT),
      ['10s', '1m'],
    ),
  ];
  const placed = happened.flatMap(({ order }) => (order ? [order] : []));
  const orders = placed.map(({ orderId, total, payment_method, ...order }) =>
    makeOrder(orderId, {
      ...order,
      _id: `${SHOP.shop}|${orderId}`,
      shop: SHOP.shop,
      currency: SHOP.currency,
      total,
      subtotal: total,
      paymentMethod: payment_method,
    }),
  );
  const products = NAMES.map((name, n) =>
    makeProduct(`SKU-${n}`, {
      _id: `${SHOP.shop}|SKU-${n}`,
      shop: SHOP.shop,
      name,
      category: CATEGORIES[n % CATEGORIES.length],
      stock: 10 * n,
    }),
  );
  const reviews = orders
    .slice(-20)
    .map(({ orderId, eventTime }) =>
      makeReview(`review-${orderId}`, { _id: `${SHOP.shop}|review-${orderId}`, shop: SHOP.shop, eventTime }),
    );
  return createMemoryStore({
    shops: [SHOP],
    documents,
    visits: happened.map(({ visit }) => visit),
    facts: {
      orders: placed.map(({ payment_method: paymentMethod, total: subtotal, ...order }) => ({
        ...order,
        subtotal,
        discount: 0,
        paymentMethod,
      })),
      payments: placed.map(({ orderId, country, device, channel, payment_method: method, eventTime }) => ({
        orderId,
        country,
        device,
        channel,
        method,
        eventTime,
        type: 'payment_authorized' as const,
      })),
      products: products.map(({ stock, category }) => ({ stock, category })),
    },
    records: { orders, products, reviews },
    annotations: [
      {
        _id: `${SHOP.shop}|release`,
        shop: SHOP.shop,
        title: 'Release 7',
        text: 'The new checkout',
        tags: ['release'],
        start: now - 2 * DAY,
        end: now - 2 * DAY,
      },
      {
        _id: `${SHOP.shop}|outage`,
        shop: SHOP.shop,
        title: 'Payment outage',
        text: 'The provider did not answer',
        tags: ['outage'],
        start: now - 30 * MINUTE,
        end: now - 20 * MINUTE,
      },
    ],
    live: createMemoryLive({ metrics: documents, orders, reviews }),
  });
}
