import { type Shop, type StoreEvent, toRecord } from '@storepulse/contracts';
import type { OutgoingRecord } from '@storepulse/simulator/sink/event-sink';

/** Visitors of a shop: enough to keep all tasks busy. */
const VISITORS = 200;

const visit = (shop: string, eventTime: number, n: number) => ({
  shop,
  eventTime,
  visitorId: `visitor-${n % VISITORS}`,
  sessionId: null,
  customerId: null,
  device: 'mobile' as const,
  channel: 'direct' as const,
  country: 'France',
});

/** A shop of the bench. */
export function shopNamed(shop: string): StoreEvent {
  const event: Shop & { type: 'shop_upserted'; eventId: string; eventTime: number } = {
    ...{ type: 'shop_upserted', eventId: `shop ${shop}`, eventTime: Date.now(), shop, name: 'Bench' },
    ...{ currency: 'EUR', scale: 2, timeZone: 'Europe/Berlin', weekStart: 'monday', retention: 'standard' },
  };
  return event;
}

/** A view of a product in a category; `n` makes it one of its own. */
export function viewOf(shop: string, category: string, eventTime: number, n: number): StoreEvent {
  const own = { sku: `sku-${n % 100}`, category, price: 500, durationMs: 4_000 };
  return {
    type: 'product_viewed',
    eventId: `view ${eventTime} ${n}`,
    ...visit(shop, eventTime, n),
    ...own,
  } as StoreEvent;
}

/** An order of one line. */
export function orderIn(shop: string, eventTime: number, orderId: string): StoreEvent {
  return {
    type: 'order_placed',
    eventId: `order ${orderId}`,
    ...visit(shop, eventTime, orderId.length + eventTime),
    ...{ orderId, currency: 'EUR', subtotal: 1_000, discount: 0, shipping: 0, tax: 0, total: 1_000 },
    lines: [{ sku: 'sku-1', category: 'Mugs', quantity: 1, unitPrice: 1_000, discount: 0 }],
  } as StoreEvent;
}

/** An event as it is sent. */
export const recordOf = (event: StoreEvent): OutgoingRecord => toRecord(event, '/bench');
