import type { EventOf, Shop, StoreEvent, VisitEvent } from '../index.ts';

/** Noon of a summer's day, UTC. */
export const NOON = Date.UTC(2026, 6, 1, 12);

/** The shop of the tests: pounds with two decimals, London days. */
export const SHOP = {
  type: 'shop_upserted',
  eventId: 'shop-event-1',
  eventTime: NOON - 86_400_000,
  shop: 'demo',
  name: 'Demo',
  currency: 'GBP',
  scale: 2,
  timeZone: 'Europe/London',
  weekStart: 'monday',
  retention: 'forever',
} as const satisfies EventOf<'shop_upserted'> as Shop & EventOf<'shop_upserted'>;

let counter = 0;
const visit = () => ({
  eventId: `event-${String(++counter).padStart(6, '0')}`,
  eventTime: NOON,
  shop: SHOP.shop,
  visitorId: 'v1',
  sessionId: 's1',
  customerId: null,
  device: 'mobile',
  channel: 'direct',
  country: 'France',
});

/** An order of two lines, with what is given put over it. */
export function anOrder(fields: Partial<EventOf<'order_placed'>> = {}): EventOf<'order_placed'> {
  const lines = [
    { sku: 'A', category: 'Mugs', quantity: 2, unitPrice: 500, discount: 100 },
    { sku: 'B', category: 'Lamps', quantity: 1, unitPrice: 2_000, discount: 0 },
  ];
  return {
    type: 'order_placed',
    ...visit(),
    orderId: `order-${counter}`,
    currency: 'GBP',
    lines,
    subtotal: 3_000,
    discount: 100,
    shipping: 300,
    tax: 50,
    total: 3_250,
    ...fields,
  };
}

/** A refund of one line, with what is given put over it. */
export function aRefund(fields: Partial<EventOf<'refund_issued'>> = {}): EventOf<'refund_issued'> {
  return {
    type: 'refund_issued',
    ...visit(),
    refundId: `refund-${counter}`,
    orderId: null,
    currency: 'GBP',
    lines: [{ sku: 'A', category: 'Mugs', quantity: 1, unitPrice: 500, discount: 50 }],
    amount: 450,
    ...fields,
  };
}

/** An edit that changes nothing, with what is given put over it. */
export function anEdit(fields: Partial<EventOf<'order_edited'>> = {}): EventOf<'order_edited'> {
  return {
    type: 'order_edited',
    ...visit(),
    editId: `edit-${counter}`,
    orderId: 'order-1',
    currency: 'GBP',
    added: [],
    removed: [],
    shipping: 0,
    tax: 0,
    total: 0,
    ...fields,
  };
}

/** An event of a visit, with what is given put over it. */
export function anEvent<
  T extends 'session_started' | 'product_viewed' | 'cart_item_added' | 'checkout_started',
>(type: T, fields: Partial<VisitEvent> = {}): StoreEvent {
  const own = {
    session_started: {},
    product_viewed: { sku: 'A', category: 'Mugs', price: 500, durationMs: 4_000 },
    cart_item_added: { sku: 'A', category: 'Mugs', price: 500, quantity: 1 },
    checkout_started: { items: 1, value: 500 },
  }[type];
  return { type, ...visit(), ...own, ...fields } as StoreEvent;
}
