import type { Static, TSchema } from 'typebox';
import type { TopicName } from '../topics.ts';
import * as behaviour from './behaviour.ts';
import * as records from './records.ts';
import * as transactions from './transactions.ts';

export { personalFields } from './envelope.ts';
export { goodsOf, reversedGoodsOf } from './goods.ts';
export { changedTerm, type Product, SHOP_TERMS, type Shop, type ShopTerms } from './records.ts';
export type {
  AdjustmentPosted,
  ExchangeRatePosted,
  OrderEdited,
  OrderLine,
  OrderPlaced,
  RefundIssued,
  ReversedLine,
  StockMoved,
} from './transactions.ts';

/** Version of the event schemas, sent as the header `schema_version`. Additive changes keep it. */
export const SCHEMA_VERSION = '1';

const schemas = {
  shop_upserted: records.ShopUpserted,
  customer_upserted: records.CustomerUpserted,
  product_upserted: records.ProductUpserted,
  system_log: records.SystemLog,
  annotation_posted: records.AnnotationPosted,
  order_placed: transactions.OrderPlaced,
  order_edited: transactions.OrderEdited,
  payment_authorized: transactions.PaymentAuthorized,
  payment_failed: transactions.PaymentFailed,
  order_cancelled: transactions.OrderCancelled,
  refund_issued: transactions.RefundIssued,
  adjustment_posted: transactions.AdjustmentPosted,
  stock_moved: transactions.StockMoved,
  exchange_rate_posted: transactions.ExchangeRatePosted,
  product_viewed: behaviour.ProductViewed,
  product_list_viewed: behaviour.ProductListViewed,
  session_started: behaviour.SessionStarted,
  search_performed: behaviour.SearchPerformed,
  cart_item_added: behaviour.CartItemAdded,
  cart_item_removed: behaviour.CartItemRemoved,
  cart_viewed: behaviour.CartViewed,
  checkout_started: behaviour.CheckoutStarted,
  checkout_step_completed: behaviour.CheckoutStepCompleted,
  wishlist_item_added: behaviour.WishlistItemAdded,
  review_submitted: behaviour.ReviewSubmitted,
} satisfies Record<string, TSchema>;

/** The name of an event type: GA4's e-commerce verbs in the past tense. */
export type EventType = keyof typeof schemas;
/** The event of one type. */
export type EventOf<T extends EventType> = Static<(typeof schemas)[T]>;
/** Any event. */
export type StoreEvent = { [T in EventType]: EventOf<T> }[EventType];
/** An event that a visitor caused: it carries visitor, session, device, channel and country. */
export type VisitEvent = Extract<StoreEvent, { visitorId: string }>;

/** Collections of business facts; the `_id` of a fact is `shop|key` and makes it count once for ever. */
export const FACT_COLLECTIONS = [
  'orders',
  'order-edits',
  'refunds',
  'payments',
  'adjustments',
  'stock-movements',
  'exchange-rates',
  'cancellations',
  'reviews',
] as const;
/** A collection of business facts. */
export type FactCollection = (typeof FACT_COLLECTIONS)[number];

/** How one event type is carried and recognised. */
export interface EventSpec {
  readonly type: string;
  readonly topic: TopicName;
  readonly schema: TSchema;
  /** The parts of the Kafka key that an event must carry; see `keyOf`. */
  readonly key: (event: never) => readonly string[];
  /** Present on business facts: where they are kept and which field names them within their shop. */
  readonly fact?: { readonly collection: FactCollection; readonly id: string };
  /** `none`: every copy of an event counts, for sources that repeat none. @default recognised by event id, a fact by its business key */
  readonly identity?: 'none';
}

/** All event types by name. */
export type EventRegistry = ReadonlyMap<string, EventSpec>;

const visitorKey = (event: { shop: string; visitorId: string }) => [event.shop, event.visitorId];

function spec<T extends EventType>(
  type: T,
  topic: TopicName,
  key: (event: EventOf<T>) => readonly string[],
  fact?: EventSpec['fact'],
): [string, EventSpec] {
  return [type, { type, topic, schema: schemas[type], key, ...(fact ? { fact } : {}) }];
}

/** Every event type of the product with its topic, schema, key and business identity. */
export const eventRegistry: EventRegistry = new Map([
  spec('shop_upserted', 'shops', (e) => [e.shop]),
  spec('customer_upserted', 'customers', (e) => [e.shop, e.customerId]),
  spec('product_upserted', 'products', (e) => [e.shop, e.sku]),
  spec('system_log', 'system-logs', (e) => [`${e.service}:${e.instance ?? ''}`]),
  spec('annotation_posted', 'system-logs', (e) => [`annotation:${e.shop}`]),
  spec('order_placed', 'transactions', visitorKey, { collection: 'orders', id: 'orderId' }),
  spec('order_edited', 'transactions', visitorKey, { collection: 'order-edits', id: 'editId' }),
  spec('payment_authorized', 'transactions', visitorKey, { collection: 'payments', id: 'paymentId' }),
  spec('payment_failed', 'transactions', visitorKey, { collection: 'payments', id: 'paymentId' }),
  spec('order_cancelled', 'transactions', visitorKey, { collection: 'cancellations', id: 'orderId' }),
  spec('refund_issued', 'transactions', visitorKey, { collection: 'refunds', id: 'refundId' }),
  spec('adjustment_posted', 'transactions', visitorKey, { collection: 'adjustments', id: 'adjustmentId' }),
  spec('stock_moved', 'transactions', visitorKey, { collection: 'stock-movements', id: 'movementId' }),
  spec('exchange_rate_posted', 'transactions', (e) => [e.shop, 'exchange-rates'], {
    ...{ collection: 'exchange-rates', id: 'eventId' },
  }),
  spec('product_viewed', 'product-views', visitorKey),
  spec('product_list_viewed', 'product-views', visitorKey),
  spec('session_started', 'user-interactions', visitorKey),
  spec('search_performed', 'user-interactions', visitorKey),
  spec('cart_item_added', 'user-interactions', visitorKey),
  spec('cart_item_removed', 'user-interactions', visitorKey),
  spec('cart_viewed', 'user-interactions', visitorKey),
  spec('checkout_started', 'user-interactions', visitorKey),
  spec('checkout_step_completed', 'user-interactions', visitorKey),
  spec('wishlist_item_added', 'user-interactions', visitorKey),
  spec('review_submitted', 'user-interactions', visitorKey, { collection: 'reviews', id: 'eventId' }),
]);

/** What separates the parts of a Kafka key. */
export const KEY_SEPARATOR = '|';

/** The parts of the Kafka key of an event. */
export function keyPartsOf({ key }: EventSpec, event: object): readonly string[] {
  return (key as (event: object) => readonly string[])(event);
}

/** The Kafka key of an event. */
export function keyOf(spec: EventSpec, event: object): string {
  return keyPartsOf(spec, event).join(KEY_SEPARATOR);
}

/** A record ready to be sent: key, value and the CloudEvents attributes as headers (binary mode). */
export interface EventRecord {
  readonly topic: TopicName;
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Puts an event into the form it has on Kafka; `source` names the sender, e.g. `/simulator`. */
export function toRecord(event: StoreEvent, source: string): EventRecord {
  const found = eventRegistry.get(event.type)!;
  return {
    topic: found.topic,
    key: keyOf(found, event),
    value: JSON.stringify(event),
    headers: {
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_id: event.eventId,
      ce_type: event.type,
      ce_source: source,
      ce_time: new Date(event.eventTime).toISOString(),
      schema_version: SCHEMA_VERSION,
    },
  };
}
