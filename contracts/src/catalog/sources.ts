import type { EventType, VisitEvent } from '../events/index.ts';
import type { Expr } from '../expressions/index.ts';
import type { SourceSpec } from './model.ts';

const visitDimensions = {
  country: { field: 'country' },
  device: { field: 'device' },
  channel: { field: 'channel' },
} as const;
const productDimensions = { category: { field: 'category' }, sku: { field: 'sku' } } as const;
const lineDimensions = { category: { row: 'category' }, sku: { row: 'sku' } } as const;
const paidBy = { payment_method: { field: 'paymentMethod' } } as const;

/** One row per event of the given types. */
const perEvent = (
  name: string,
  from: readonly EventType[],
  dimensions: SourceSpec['dimensions'],
): SourceSpec => ({ name, from, dimensions });

/** Whether the event is of a type. */
export const isA = (type: EventType): Expr => ({ equals: [{ field: 'type' }, type] });
/** A field that may be left out, which then is zero. */
const orZero = (field: string): Expr => ({ coalesce: [{ field }, 0] });

export const order = perEvent('order', ['order_placed'], { ...visitDimensions, ...paidBy });

/**
 * Orders placed, and the edits of them that change what is charged for delivery or as tax. It is named as the orders
 * are: what was counted before there were edits means the same, and need not be counted anew.
 */
export const orderCharge = perEvent('order', ['order_placed', 'order_edited'], {
  ...visitDimensions,
  ...paidBy,
});

/** Lines of orders placed, and those that edits have put on. */
export const orderLine: SourceSpec = {
  name: 'order_line',
  from: ['order_placed', 'order_edited'],
  rows: [
    { where: isA('order_placed'), each: 'lines' },
    { where: isA('order_edited'), each: 'added' },
  ],
  dimensions: { ...visitDimensions, ...lineDimensions, ...paidBy },
};

export const refund = perEvent('refund', ['refund_issued'], visitDimensions);

export const orderEdit = perEvent('order_edit', ['order_edited'], visitDimensions);

/** Refunds, and order edits, which may take something off as well. */
export const reversal = perEvent('reversal', ['refund_issued', 'order_edited'], visitDimensions);

/** What a line that is taken back is worth after its discount, in minor units. */
const lineWorth = {
  amount: {
    subtract: [
      { multiply: [{ row: 'unitPrice' }, { row: 'quantity' }] },
      { coalesce: [{ row: 'discount' }, 0] },
    ],
  },
} satisfies Record<string, Expr>;
/** What a refund gives back beyond delivery and tax. */
const goodsGivenBack: Expr = {
  subtract: [{ field: 'amount' }, { add: [orZero('shipping'), orZero('tax')] }],
};
const hasNoLines: Expr = { equals: [{ coalesce: [{ size: 'lines' }, 0] }, 0] };

/**
 * Goods that refunds give back and order edits take off; named as it was when there were only lines of refunds. A refund
 * without lines that gives back more than delivery and tax has one row for no product in particular.
 */
export const reversedGoods: SourceSpec = {
  name: 'refund_line',
  from: ['refund_issued', 'order_edited'],
  rows: [
    { where: isA('order_edited'), each: 'removed', fields: lineWorth },
    { where: isA('refund_issued'), each: 'lines', fields: lineWorth },
    {
      where: { and: [isA('refund_issued'), hasNoLines, { notEquals: [goodsGivenBack, 0] }] },
      fields: { sku: null, category: null, quantity: 0, amount: goodsGivenBack },
    },
  ],
  dimensions: { ...visitDimensions, ...lineDimensions },
};

export const cancellation = perEvent('cancellation', ['order_cancelled'], visitDimensions);

export const adjustment = perEvent('adjustment', ['adjustment_posted'], visitDimensions);

export const transaction = perEvent(
  'transaction',
  ['order_placed', 'refund_issued', 'adjustment_posted', 'stock_moved'],
  visitDimensions,
);

export const productView = perEvent('product_view', ['product_viewed'], {
  ...visitDimensions,
  ...productDimensions,
});
export const cartAdd = perEvent('cart_add', ['cart_item_added'], {
  ...visitDimensions,
  ...productDimensions,
});
export const cartRemoval = perEvent('cart_removal', ['cart_item_removed'], {
  ...visitDimensions,
  ...productDimensions,
});
export const wishlistAdd = perEvent('wishlist_add', ['wishlist_item_added'], {
  ...visitDimensions,
  ...productDimensions,
});
export const review = perEvent('review', ['review_submitted'], {
  ...visitDimensions,
  ...productDimensions,
});
export const listView = perEvent('list_view', ['product_list_viewed'], visitDimensions);
export const search = perEvent('search', ['search_performed'], visitDimensions);
export const checkoutStep = perEvent('checkout_step', ['checkout_step_completed'], {
  ...visitDimensions,
  step: { field: 'step' },
});
export const payment = perEvent('payment', ['payment_authorized', 'payment_failed'], {
  ...visitDimensions,
  payment_method: { field: 'method' },
});
export const product = perEvent('product', ['product_upserted'], productDimensions);
export const logLine = perEvent('log_line', ['system_log'], {
  shop_service: { field: 'service' },
  level: { field: 'level' },
});
export const checkout = perEvent('checkout', ['checkout_started'], visitDimensions);

/** Everything that shows a visitor to be there. */
export const activity: SourceSpec = {
  name: 'activity',
  from: [
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
  ] satisfies VisitEvent['type'][],
  dimensions: visitDimensions,
};

/** One row per visit. */
export const session: SourceSpec = {
  name: 'session',
  from: 'session',
  dimensions: visitDimensions,
};
