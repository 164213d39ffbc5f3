import { Type } from 'typebox';
import { Amount, eventSchema, Id, personal, Quantity, Text, visitFields } from './envelope.ts';

const product = {
  sku: Id,
  category: Type.Union([Text(80), Type.Null()]),
  price: Amount({ minimum: 0, description: 'price of one piece as shown' }),
};

/** A visit began. */
export const SessionStarted = eventSchema('session_started', {
  ...visitFields,
  landingPage: Type.Optional(Text(200)),
});
/** A product's page was looked at; sent when the visitor leaves it. */
export const ProductViewed = eventSchema('product_viewed', {
  ...visitFields,
  ...product,
  durationMs: Type.Integer({ minimum: 0, maximum: 86_400_000 }),
  position: Type.Optional(Type.Integer({ minimum: 0 })),
});
/** A list of products was shown. */
export const ProductListViewed = eventSchema('product_list_viewed', {
  ...visitFields,
  list: Text(80),
  skus: Type.Array(Id, { maxItems: 200 }),
});
/** The shop was searched. */
export const SearchPerformed = eventSchema('search_performed', {
  ...visitFields,
  query: personal(Text(200)),
  results: Type.Integer({ minimum: 0 }),
});
/** A product went into the cart. */
export const CartItemAdded = eventSchema('cart_item_added', {
  ...visitFields,
  ...product,
  quantity: Quantity,
});
/** A product left the cart. */
export const CartItemRemoved = eventSchema('cart_item_removed', {
  ...visitFields,
  ...product,
  quantity: Quantity,
});
/** The cart was looked at. */
export const CartViewed = eventSchema('cart_viewed', { ...visitFields, items: Type.Integer({ minimum: 0 }) });
/** The visitor went to the checkout. */
export const CheckoutStarted = eventSchema('checkout_started', {
  ...visitFields,
  items: Type.Integer({ minimum: 0 }),
  value: Amount({ minimum: 0, description: 'worth of the cart' }),
});
/** One step of the checkout was done. */
export const CheckoutStepCompleted = eventSchema('checkout_step_completed', {
  ...visitFields,
  step: Type.Union([
    Type.Literal('address'),
    Type.Literal('shipping'),
    Type.Literal('payment'),
    Type.Literal('review'),
  ]),
  latencyMs: Type.Integer({ minimum: 0, description: 'time the shop took to answer' }),
});
/** A product was kept for later. */
export const WishlistItemAdded = eventSchema('wishlist_item_added', { ...visitFields, ...product });
/** A product was rated. */
export const ReviewSubmitted = eventSchema('review_submitted', {
  ...visitFields,
  sku: Id,
  category: Type.Union([Text(80), Type.Null()]),
  rating: Type.Integer({ minimum: 1, maximum: 5 }),
  text: personal(Text(2_000)),
});
