import { type Static, Type } from 'typebox';
import {
  Amount,
  Currency,
  envelopeFields,
  eventSchema,
  Id,
  personal,
  Quantity,
  Text,
  visitFields,
} from './envelope.ts';

/** Of an order, and of what becomes of it. */
const coupon = Type.Optional(
  Type.Union([Text(80), Type.Null()], {
    description: 'code that the order was bought with; absent or null: none. The lake tells sales by it',
  }),
);

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
export const OrderPlaced = eventSchema(
  'order_placed',
  {
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
    coupon,
  },
  'Invariants: subtotal = Σ unitPrice × quantity; discount = Σ discount of the lines; total = subtotal − discount + shipping + tax.',
);
/** A customer bought. */
export type OrderPlaced = Static<typeof OrderPlaced>;

/** One line that is taken back: returned with a refund, or taken off an order by an edit. */
const ReversedLine = Type.Object({
  ...line,
  discount: Type.Optional(
    Amount({
      minimum: 0,
      description:
        'what the order took off these pieces, and so is not given back; when absent, it is found from the amounts or the order',
    }),
  ),
});
/** One line that is taken back. */
export type ReversedLine = Static<typeof ReversedLine>;

/**
 * Money was given back; booked on the refund's own time. Invariants: amount = Σ (unitPrice × quantity − discount) of
 * the lines + shipping + tax; without lines, what amount has beyond shipping and tax is given back for no product in
 * particular. No line's discount exceeds its unitPrice × quantity. A discount that lines leave out is what amount is
 * short of their prices; where it is short of nothing, it is what the order took off, if the task has counted the order.
 */
export const RefundIssued = eventSchema(
  'refund_issued',
  {
    ...visitFields,
    refundId: Id,
    orderId: Type.Union([Id, Type.Null()], { description: 'the order it reverses, when known' }),
    currency: Currency,
    lines: Type.Optional(
      Type.Array(ReversedLine, { maxItems: 5_000, description: 'the goods that came back; may be none' }),
    ),
    shipping: Type.Optional(Amount({ minimum: 0, description: 'delivery given back; 0 when absent' })),
    tax: Type.Optional(Amount({ minimum: 0, description: 'tax given back; 0 when absent' })),
    amount: Amount({
      minimum: 0,
      description: 'all that is given back: Σ (unitPrice × quantity − discount) + shipping + tax',
    }),
    coupon,
  },
  'Invariants: amount = Σ (unitPrice × quantity − discount) of the lines + shipping + tax; without lines, what amount has beyond shipping and tax is given back for no product in particular. No line’s discount exceeds its unitPrice × quantity. Lines may leave their discount out: then it is what amount is short of their prices, in proportion to them; where amount is the full price, it is what the order took off these pieces, if an order of this orderId, with the same sku and unitPrice, lies before the refund under the same key.',
);
/** Money was given back. */
export type RefundIssued = Static<typeof RefundIssued>;

/**
 * An order was changed after it was placed: the difference, booked when it happened. A line that changes is removed as
 * it was and added as it is now. Invariants: total = Σ (unitPrice × quantity − discount) of the added lines − that of
 * the removed ones + shipping + tax. No line's discount exceeds its unitPrice × quantity. Removed lines may leave their
 * discount out, as those of a refund.
 */
export const OrderEdited = eventSchema(
  'order_edited',
  {
    ...visitFields,
    editId: Id,
    orderId: Id,
    currency: Currency,
    added: Type.Array(OrderLine, { maxItems: 5_000, description: 'lines that were put on' }),
    removed: Type.Array(ReversedLine, { maxItems: 5_000, description: 'lines that were taken off' }),
    shipping: Amount({ description: 'signed difference of what is charged for delivery' }),
    tax: Amount({ description: 'signed difference of the tax' }),
    total: Amount({ description: 'signed difference of what the customer pays' }),
    paymentMethod: Type.Optional(Text(40)),
    coupon,
  },
  'A line that changes is removed as it was and added as it is now. Invariants: total = Σ (unitPrice × quantity − discount) of the added lines − that of the removed ones + shipping + tax. No line’s discount exceeds its unitPrice × quantity. Removed lines may leave their discount out: it is found as that of a refund’s lines.',
);
/** An order was changed after it was placed. */
export type OrderEdited = Static<typeof OrderEdited>;

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
/**
 * An order was called off before it was sent. It is counted, and lowers no sales by itself: what the order was worth is
 * taken back by a `refund_issued` with its lines, delivery and tax.
 */
export const OrderCancelled = eventSchema(
  'order_cancelled',
  {
    ...visitFields,
    orderId: Id,
    reason: personal(Type.Optional(Text(80))),
  },
  'Lowers no sales by itself: what is given back for the order is a `refund_issued`.',
);

/**
 * What the shop's currency is worth on a day, told by the shop: answers are converted by it when they are asked for in another
 * currency, and never else. Of two for the same day and currency the one with the later `eventTime` holds. Key =
 * shop|exchange-rates.
 */
export const ExchangeRatePosted = eventSchema('exchange_rate_posted', {
  ...envelopeFields,
  day: Type.String({
    pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$',
    description: 'the day that it is for, such as `2026-01-31`',
  }),
  toCurrency: Type.String({ ...Currency, description: 'ISO 4217 code of the other currency' }),
  rate: Type.String({
    pattern: '^(?=.*[1-9])\\d{1,9}(\\.\\d{1,12})?$',
    description:
      'what one unit of the shop’s currency is worth in the other, as an exact decimal such as `1.1523`',
  }),
  source: Type.String({
    minLength: 1,
    maxLength: 80,
    description: 'who says so, such as `ECB`; told with every answer',
  }),
});
/** What the shop's currency is worth on a day. */
export type ExchangeRatePosted = Static<typeof ExchangeRatePosted>;
