import type { ReversedGoods } from '../events/goods.ts';
import {
  type EventOf,
  type EventType,
  type OrderLine,
  reversedGoodsOf,
  type VisitEvent,
} from '../events/index.ts';
import type { SourceSpec } from './model.ts';
import type { SessionState } from './session.ts';

type Visit = { country: string | null; device: string | null; channel: string | null };

const visitDimensions = {
  country: (_row: unknown, event: Visit) => event.country,
  device: (_row: unknown, event: Visit) => event.device,
  channel: (_row: unknown, event: Visit) => event.channel,
};
const productDimensions = {
  category: (row: { category: string | null }) => row.category,
  sku: (row: { sku: string | null }) => row.sku,
};

/** One row per event of the given types. */
function perEvent<T extends EventType>(
  name: string,
  from: readonly T[],
  dimensions: SourceSpec<EventOf<T>, EventOf<T>>['dimensions'],
) {
  return { name, from, dimensions } satisfies SourceSpec<EventOf<T>, EventOf<T>>;
}

const paidBy = { payment_method: (_row: unknown, event: { paymentMethod?: string }) => event.paymentMethod };

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
export const orderLine: SourceSpec<EventOf<'order_placed' | 'order_edited'>, OrderLine> = {
  name: 'order_line',
  from: ['order_placed', 'order_edited'],
  rows: (event) => (event.type === 'order_placed' ? event.lines : event.added),
  dimensions: { ...visitDimensions, ...productDimensions, ...paidBy },
};

export const refund = perEvent('refund', ['refund_issued'], visitDimensions);

export const orderEdit = perEvent('order_edit', ['order_edited'], visitDimensions);

/** Refunds, and order edits, which may take something off as well. */
export const reversal = perEvent('reversal', ['refund_issued', 'order_edited'], visitDimensions);

/** Goods that refunds give back and order edits take off; named as it was when there were only lines of refunds. */
export const reversedGoods: SourceSpec<EventOf<'refund_issued' | 'order_edited'>, ReversedGoods> = {
  name: 'refund_line',
  from: ['refund_issued', 'order_edited'],
  rows: reversedGoodsOf,
  dimensions: { ...visitDimensions, ...productDimensions },
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
  step: (event) => event.step,
});
export const payment = perEvent('payment', ['payment_authorized', 'payment_failed'], {
  ...visitDimensions,
  payment_method: (event) => event.method,
});
export const product = perEvent('product', ['product_upserted'], productDimensions);
export const logLine = perEvent('log_line', ['system_log'], {
  shop_service: (event) => event.service,
  level: (event) => event.level,
});
export const checkout = perEvent('checkout', ['checkout_started'], visitDimensions);

/** Everything that shows a visitor to be there. */
export const activity: SourceSpec<VisitEvent, VisitEvent> = {
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
  ],
  dimensions: visitDimensions,
};

/** One row per visit. */
export const session: SourceSpec<never, SessionState> = {
  name: 'session',
  from: 'session',
  dimensions: {
    country: (row) => row.country,
    device: (row) => row.device,
    channel: (row) => row.channel,
  },
};
