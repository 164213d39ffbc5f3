import { type Static, Type } from 'typebox';
import { Amount, Currency, eventSchema, Id, personal, Quantity, Text, visitFields } from './envelope.ts';

const line = {
  sku: Id,
  category: Type.Union([Text(80), Type.Null()]),
  quantity: Quantity,
  unitPrice: Amount({ minimum: 0, description: 'price of one piece before discount' }),
};

/** One line of an order. */
export const OrderLine = Type.Object({
  ...line,
  discount: Amount({ minimum: 0, description: 'taken off the whole line' }),
});
/** One line of an order. */
export type OrderLine = Static<typeof OrderLine>;

/** A customer bought. Invariants: subtotal = Σ unitPrice × quantity, total = subtotal − discount + shipping + tax. */
export const OrderPlaced = eventSchema('order_placed', {
  ...visitFields,
  orderId: Id,
  currency: Currency,
  lines: Type.Array(OrderLine, { minItems: 1, maxItems: 5_000 }),
  subtotal: Amount({ minimum: 0, description: 'Σ unitPrice × quantity' }),
  discount: Amount({ minimum: 0, description: 'Σ of the lines’ discounts' }),
  shipping: Amount({ minimum: 0, description: 'charged for delivery' }),
  tax: Amount({ minimum: 0, description: 'charged as tax' }),
  total: Amount({ minimum: 0, description: 'what the customer pays' }),
  paymentMethod: Type.Optional(Text(40)),
});
/** A customer bought. */
export type OrderPlaced = Static<typeof OrderPlaced>;

/** One returned line. */
const RefundLine = Type.Object(line);

/** Goods came back; booked on the refund's own time. Invariant: amount = Σ unitPrice × quantity. */
export const RefundIssued = eventSchema('refund_issued', {
  ...visitFields,
  refundId: Id,
  orderId: Type.Union([Id, Type.Null()], { description: 'the order it reverses, when known' }),
  currency: Currency,
  lines: Type.Array(RefundLine, { minItems: 1, maxItems: 5_000 }),
  amount: Amount({ minimum: 0, description: 'Σ unitPrice × quantity' }),
});
/** Goods came back. */
export type RefundIssued = Static<typeof RefundIssued>;

/** A correction of the books that is neither sale nor return, such as a bad debt; may be negative. */
export const AdjustmentPosted = eventSchema('adjustment_posted', {
  ...visitFields,
  adjustmentId: Id,
  currency: Currency,
  amount: Amount({ description: 'signed; negative lowers net sales after adjustments' }),
  reason: personal(Text(200)),
});
/** A correction of the books. */
export type AdjustmentPosted = Static<typeof AdjustmentPosted>;

/** Pieces entered or left the stock without revenue: a write-off, a found box, a sample. */
export const StockMoved = eventSchema('stock_moved', {
  ...visitFields,
  movementId: Id,
  sku: Id,
  quantity: Type.Integer({ description: 'signed pieces', minimum: -10_000_000, maximum: 10_000_000 }),
  reason: personal(Text(200)),
});
/** Pieces entered or left the stock without revenue. */
export type StockMoved = Static<typeof StockMoved>;

const payment = {
  ...visitFields,
  paymentId: Id,
  orderId: Id,
  currency: Currency,
  amount: Amount({ minimum: 0, description: 'the amount asked for' }),
  method: Type.Union([Text(40), Type.Null()]),
};

/** A payment attempt succeeded. */
export const PaymentAuthorized = eventSchema('payment_authorized', payment);
/** A payment attempt failed; each attempt has its own paymentId. */
export const PaymentFailed = eventSchema('payment_failed', { ...payment, reason: Text(80) });
/** An order was called off before it was sent. */
export const OrderCancelled = eventSchema('order_cancelled', {
  ...visitFields,
  orderId: Id,
  reason: personal(Type.Optional(Text(80))),
});
