import type { EventOf, StoreEvent } from '@storepulse/contracts';
import { add, addId, addTold, addValue, type Book, type Facet, facetOf, labelled } from './book.ts';

/** Names of the labels that every visit has. */
const VISIT = 'country|device|channel';
/** Names of the labels of a product. */
const PRODUCT = 'category|sku';

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

/** Where a visit came from and how. */
export interface VisitLabels {
  readonly country: string | null;
  readonly device: string | null;
  readonly channel: string | null;
}

/** The facet of a book that is about a visit's country, device and channel. */
export function visitFacet({ main }: Book, { country, device, channel }: VisitLabels): Facet {
  return facetOf(main, VISIT, labelled(country, device, channel));
}

type Product = { readonly category: string | null; readonly sku: string };

const productFacet = ({ further }: Book, { category, sku }: Product) =>
  facetOf(further, PRODUCT, labelled(category, sku));
const paymentFacet = ({ further }: Book, method: string | null | undefined) =>
  facetOf(further, 'payment_method', labelled(method));

/**
 * What an event adds to which metric. Written from the definitions that people read, not from the code that
 * aggregates: the two share no more than the metrics' names, so that one can find the other's mistakes.
 */
export function bookEvent(event: StoreEvent, book: Book): void {
  if ('visitorId' in event) bookVisitEvent(event, book);
  else if (event.type === 'product_upserted') bookProduct(event, book);
  else if (event.type === 'system_log') bookLogLine(event, book);
}

type VisitEvent = Extract<StoreEvent, { visitorId: string }>;

function bookVisitEvent(event: VisitEvent, book: Book): void {
  const visit = visitFacet(book, event);
  if (ACTIVITY.has(event.type)) {
    addId(visit, 'active_visitors', event.visitorId);
    addId(visit, 'active_sessions', event.sessionId);
  }
  /** Adds 1 (or another amount) for the visit and for the product it is about. */
  const count = (metric: string, product: Product, amount = 1) => {
    add(visit, metric, amount);
    add(productFacet(book, product), metric, amount);
  };
  switch (event.type) {
    case 'order_placed':
      bookOrder(event, visit, book);
      break;
    case 'order_edited':
      bookEdit(event, visit, book);
      break;
    case 'refund_issued':
      bookRefund(event, visit, book);
      break;
    case 'order_cancelled':
      add(visit, 'cancellations', 1);
      break;
    case 'adjustment_posted':
      add(visit, 'adjustments', event.amount);
      addId(visit, 'customers', event.customerId);
      break;
    case 'stock_moved':
      addId(visit, 'customers', event.customerId);
      break;
    case 'payment_authorized':
    case 'payment_failed':
      bookPayment(event, visit, book);
      break;
    case 'product_viewed':
      count('product_views', event);
      count('view_time', event, event.durationMs);
      addValue(visit, 'view_duration', event.durationMs);
      addValue(
        facetOf(book.further, 'category', labelled(event.category)),
        'view_duration',
        event.durationMs,
      );
      break;
    case 'product_list_viewed':
      add(visit, 'list_views', 1);
      break;
    case 'search_performed':
      add(visit, 'searches', 1);
      if (event.results === 0) add(visit, 'failed_searches', 1);
      break;
    case 'cart_item_added':
      count('cart_adds', event);
      break;
    case 'cart_item_removed':
      count('cart_removals', event);
      break;
    case 'wishlist_item_added':
      count('wishlist_adds', event);
      break;
    case 'review_submitted':
      count('reviews', event);
      count('rating_points', event, event.rating);
      break;
    case 'checkout_started':
      add(visit, 'checkouts', 1);
      break;
    case 'checkout_step_completed':
      for (const facet of [visit, facetOf(book.further, 'step', labelled(event.step))]) {
        add(facet, 'checkout_steps', 1);
        addValue(facet, 'checkout_latency', event.latencyMs);
      }
  }
}

function bookOrder(order: EventOf<'order_placed'>, visit: Facet, book: Book): void {
  const method = paymentFacet(book, order.paymentMethod);
  for (const facet of [visit, method]) {
    add(facet, 'orders', 1);
    add(facet, 'shipping', order.shipping);
    add(facet, 'tax', order.tax);
    addValue(facet, 'largest_order', order.total);
    addValue(facet, 'smallest_order', order.total);
  }
  for (const line of order.lines) {
    for (const facet of [visit, method, productFacet(book, line)]) {
      add(facet, 'order_lines', 1);
      add(facet, 'gross_sales', line.unitPrice * line.quantity);
      add(facet, 'discounts', line.discount);
      add(facet, 'units', line.quantity);
    }
  }
  addId(visit, 'buyers', order.visitorId);
  addId(visit, 'customers', order.customerId);
}

function bookRefund(refund: EventOf<'refund_issued'>, visit: Facet, book: Book): void {
  const { lines = [], shipping = 0, tax = 0, amount, customerId } = refund;
  add(visit, 'refunds', 1);
  add(visit, 'shipping_returned', shipping);
  add(visit, 'tax_returned', tax);
  for (const line of lines) bookReturn(line, visit, book);
  const unnamed = lines.length === 0 ? amount - shipping - tax : 0;
  if (unnamed > 0) {
    add(visit, 'returns', unnamed);
    add(facetOf(book.further, PRODUCT, labelled(null, null)), 'returns', unnamed);
  }
  addId(visit, 'customers', customerId);
}

type Returned = Product & {
  readonly unitPrice: number;
  readonly quantity: number;
  readonly discount?: number;
};

function bookReturn(line: Returned, visit: Facet, book: Book): void {
  for (const facet of [visit, productFacet(book, line)]) {
    add(facet, 'returns', line.unitPrice * line.quantity - (line.discount ?? 0));
  }
}

/** What an edit puts on is sold, what it takes off is given back; both at the time of the edit. */
function bookEdit(edit: EventOf<'order_edited'>, visit: Facet, book: Book): void {
  const method = paymentFacet(book, edit.paymentMethod);
  add(visit, 'order_edits', 1);
  for (const line of edit.added) {
    for (const facet of [visit, method, productFacet(book, line)]) {
      add(facet, 'gross_sales', line.unitPrice * line.quantity);
      add(facet, 'discounts', line.discount);
      add(facet, 'units', line.quantity);
    }
  }
  for (const line of edit.removed) bookReturn(line, visit, book);
  for (const charge of ['shipping', 'tax'] as const) {
    const difference = edit[charge];
    for (const facet of [visit, method]) add(facet, charge, difference > 0 ? difference : 0);
    add(visit, `${charge}_returned`, difference < 0 ? -difference : 0);
  }
}

function bookPayment(
  payment: EventOf<'payment_authorized' | 'payment_failed'>,
  visit: Facet,
  book: Book,
): void {
  for (const facet of [visit, paymentFacet(book, payment.method)]) {
    add(facet, 'payment_attempts', 1);
    if (payment.type === 'payment_failed') add(facet, 'failed_payments', 1);
    else add(facet, 'payments_authorized', payment.amount);
  }
}

function bookProduct(
  { category, sku, stock, eventTime, eventId }: EventOf<'product_upserted'>,
  book: Book,
): void {
  const product = facetOf(book.main, PRODUCT, labelled(category, sku));
  if (stock === 0) add(product, 'stock_outs', 1);
  if (stock !== null) addTold(product, 'stock', { time: eventTime, id: eventId, value: stock });
}

function bookLogLine({ service, level, latencyMs }: EventOf<'system_log'>, book: Book): void {
  const line = facetOf(book.main, 'shop_service|level', labelled(service, level));
  add(line, 'log_lines', 1);
  if (level === 'error') add(line, 'log_errors', 1);
  if (latencyMs !== null) addValue(line, 'service_latency', latencyMs);
}
