import type { StoreEvent } from '@storepulse/contracts';

/** What a row is counted by; null counts as unknown. */
export type Dimensions = Readonly<Record<string, string | null>>;

/** Takes an amount of a metric. */
export type Book = (metric: string, amount: number, dimensions: Dimensions) => void;
/** Takes someone or something that is counted once. */
export type BookId = (metric: string, id: string | null, dimensions: Dimensions) => void;

/** Events that show a visitor to be there. */
const ACTIVITY: ReadonlySet<StoreEvent['type']> = new Set([
  'session_started',
  'product_viewed',
  'product_list_viewed',
  'search_performed',
  'cart_item_added',
  'cart_item_removed',
  'cart_viewed',
  'checkout_started',
  'checkout_step_completed',
  'wishlist_item_added',
  'review_submitted',
  'order_placed',
]);

/**
 * What an event adds to which metric. Written from the definitions that people read, not from the code that
 * aggregates: the two share no more than the metrics' names, so that one can find the other's mistakes.
 */
export function bookEvent(event: StoreEvent, book: Book, bookId: BookId): void {
  if (!('visitorId' in event)) return;
  const { country, device, channel } = event;
  const visit = { country, device, channel };
  switch (event.type) {
    case 'order_placed':
      book('orders', 1, visit);
      for (const { sku, category, quantity, unitPrice, discount } of event.lines) {
        const row = { country, device, channel, category, sku };
        book('gross_sales', unitPrice * quantity, row);
        book('discounts', discount, row);
        book('units', quantity, row);
      }
      bookId('buyers', event.visitorId, visit);
      bookId('customers', event.customerId, { country });
      break;
    case 'refund_issued':
      for (const { sku, category, quantity, unitPrice } of event.lines) {
        book('returns', unitPrice * quantity, { country, device, channel, category, sku });
      }
      bookId('customers', event.customerId, { country });
      break;
    case 'adjustment_posted':
      book('adjustments', event.amount, visit);
      bookId('customers', event.customerId, { country });
      break;
    case 'stock_moved':
      bookId('customers', event.customerId, { country });
      break;
    case 'product_viewed':
      book('product_views', 1, { country, device, channel, category: event.category, sku: event.sku });
      break;
    case 'cart_item_added':
      book('cart_adds', 1, { country, device, channel, category: event.category, sku: event.sku });
      break;
    case 'checkout_started':
      book('checkouts', 1, visit);
  }
  if (ACTIVITY.has(event.type)) {
    bookId('active_visitors', event.visitorId, visit);
    bookId('active_sessions', event.sessionId, {});
  }
}
