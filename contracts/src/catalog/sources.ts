import type { EventOf, EventType, VisitEvent } from '../events/index.ts';
import type { SourceSpec } from './model.ts';
import type { SessionState } from './session.ts';

type Lines<T extends EventType> = EventOf<T> extends { lines: (infer Line)[] } ? Line : never;
type Visit = { country: string | null; device: string | null; channel: string | null };

const visitDimensions = {
  country: (_row: unknown, event: Visit) => event.country,
  device: (_row: unknown, event: Visit) => event.device,
  channel: (_row: unknown, event: Visit) => event.channel,
};
const productDimensions = {
  category: (row: { category: string | null }) => row.category,
  sku: (row: { sku: string }) => row.sku,
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

export const orderLine: SourceSpec<EventOf<'order_placed'>, Lines<'order_placed'>> = {
  name: 'order_line',
  from: ['order_placed'],
  rows: (event) => event.lines,
  dimensions: { ...visitDimensions, ...productDimensions, ...paidBy },
};

export const refund = perEvent('refund', ['refund_issued'], visitDimensions);

export const refundLine: SourceSpec<EventOf<'refund_issued'>, Lines<'refund_issued'>> = {
  name: 'refund_line',
  from: ['refund_issued'],
  rows: (event) => event.lines,
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
