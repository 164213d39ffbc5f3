import type { StoredRecord } from './memory-records.ts';
import { makeShop } from './shops.ts';

const { shop } = makeShop();
const TIME = Date.UTC(2026, 5, 1);
const visit = { visitorId: 'v1', sessionId: 's1', customerId: 'ann', device: 'mobile', channel: 'email' };

/** An order as it is stored, for tests. */
export function makeOrder(orderId: string, fields: Record<string, unknown> = {}) {
  return {
    ...{ _id: `${shop}|${orderId}`, task: 'facts/0', type: 'order_placed', eventId: `event-${orderId}` },
    ...{ ...visit, shop, orderId, eventTime: TIME, country: 'France', currency: 'GBP' },
    lines: [{ sku: 'sku-1', category: null, quantity: 2, unitPrice: 1_275, discount: 0 }],
    ...{ subtotal: 2_550, discount: 0, shipping: 0, tax: 0, total: 2_550, paymentMethod: 'card' },
    ...fields,
  } satisfies StoredRecord;
}

/** A product as it is stored, for tests. */
export function makeProduct(sku: string, fields: Record<string, unknown> = {}) {
  return {
    ...{ _id: `${shop}|${sku}`, eventId: `event-${sku}`, shop, sku, eventTime: TIME },
    ...{ name: `Product ${sku}`, category: 'Toys', price: 500, supplier: null, rating: null },
    ...{ stock: 3 as number | null },
    ...fields,
  } satisfies StoredRecord;
}

/** A review as it is stored, for tests. */
export function makeReview(eventId: string, fields: Record<string, unknown> = {}) {
  return {
    ...{ _id: `${shop}|${eventId}`, task: 'facts/0', type: 'review_submitted', eventId, eventTime: TIME },
    ...{ ...visit, shop, country: 'France', sku: 'sku-1', category: 'Toys', rating: 4, text: 'Sturdy' },
    ...fields,
  } satisfies StoredRecord;
}
