import { type Shop, type StoreEvent, toRecord } from '@storepulse/contracts';
import type { OutgoingRecord } from '@storepulse/simulator/sink/event-sink';

/** Of what sort the events of a point are. */
export interface Traffic {
  readonly shops: number;
  readonly skus: number;
}

/** Events of one visit. */
const VISIT = 10;
/** So many visits to an order. */
const VISITS_PER_ORDER = 4;
const CATEGORIES = 20;
const COUNTRIES = ['France', 'Germany', 'Spain', 'Italy', 'Austria', 'Poland'];
/** A step through all products that meets each once, whatever their number (it is no multiple of this prime). */
const STRIDE = 7_919;
const PRICE = 500;

/** The name of the nth shop. */
export const shopName = (n: number) => `scale-${n}`;

/** Announces the nth shop. */
export function shopRecord(n: number, eventTime: number): OutgoingRecord {
  const event: Shop & { type: 'shop_upserted'; eventId: string; eventTime: number } = {
    ...{ type: 'shop_upserted', eventId: `shop-event-${n}`, eventTime, shop: shopName(n), name: 'Scale' },
    ...{ currency: 'EUR', scale: 2, timeZone: 'Europe/Berlin', weekStart: 'monday', retention: 'standard' },
  };
  return toRecord(event, '/bench');
}

/**
 * The nth event of all: visits of ten events, each of one shop, which take turns; seven products are viewed, the next ones of
 * all, one is put into the cart, and each fourth visit orders it.
 */
export function eventRecord(n: number, eventTime: number, { shops, skus }: Traffic): OutgoingRecord {
  const visit = Math.floor(n / VISIT);
  const step = n % VISIT;
  const sku = (n * STRIDE) % skus;
  const product = { sku: `sku-${sku}`, category: `category-${sku % CATEGORIES}` };
  const common = {
    ...{ eventId: `scale-event-${n}`, eventTime, shop: shopName(visit % shops), customerId: null },
    ...{
      visitorId: `visitor-${visit}`,
      sessionId: `session-${visit}`,
      country: COUNTRIES[visit % COUNTRIES.length]!,
    },
    ...{ device: 'mobile', channel: 'direct' },
  };
  const of = (type: string, own: object) => toRecord({ type, ...common, ...own } as StoreEvent, '/bench');
  if (step === 0) return of('session_started', {});
  if (step < VISIT - 2) return of('product_viewed', { ...product, price: PRICE, durationMs: 4_000 });
  if (step === VISIT - 2) return of('cart_item_added', { ...product, price: PRICE, quantity: 1 });
  if (visit % VISITS_PER_ORDER > 0) return of('checkout_started', { items: 1, value: PRICE });
  return of('order_placed', {
    ...{
      orderId: `order-${visit}`,
      currency: 'EUR',
      subtotal: PRICE,
      discount: 0,
      shipping: 0,
      tax: 0,
      total: PRICE,
    },
    lines: [{ ...product, quantity: 1, unitPrice: PRICE, discount: 0 }],
  });
}
