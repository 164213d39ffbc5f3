import type { EventOf } from '@storepulse/contracts';
import { weightedDraw } from '../random/weighted.ts';
import type { CatalogProduct } from '../world/products.ts';
import { productEvent } from '../world/shop-world.ts';
import { RATING_WEIGHTS, REVIEW_MEAN_WAIT, REVIEWED_SHARE } from './calibration.ts';
import { drawOrderEdit } from './order-edit.ts';
import { type OrderOdds, orderOdds } from './order-odds.ts';
import { goodwillOf, type Refunded, refundOf, wholeRefundOf } from './refund.ts';
import type { Stage } from './stage.ts';

type Order = EventOf<'order_placed'>;

const CANCEL_REASONS = ['changed_mind', 'found_cheaper', 'delivery_too_slow', 'ordered_twice'] as const;
const REVIEW_TEXTS: readonly (readonly string[])[] = [
  ['Broke on the first day.', 'Nothing like the picture.'],
  ['Not worth the price.', 'Arrived late and scratched.'],
  ['Does the job, no more.', 'All right for the money.'],
  ['Good quality, quick delivery.', 'Happy with it.'],
  ['Exactly what I wanted.', 'Would buy again at once.', 'Better than expected.'],
];
const RATINGS = [1, 2, 3, 4, 5] as const;
const drawRating = weightedDraw(RATINGS, (rating) => RATING_WEIGHTS[rating - 1]!);
/** A delivery comes when so much of the full stock is left, and takes some hours. Chosen. */
const REORDER_AT = 0.1;
const DELIVERY_MEAN = 4 * 3_600_000;

/** What an order leads to: stock goes down, and later it may be called off, edited, returned or reviewed. */
export function afterOrder(order: Order, products: readonly CatalogProduct[], stage: Stage): void {
  products.forEach((product, index) => {
    takeFromStock(product, order.lines[index]!.quantity, stage);
  });
  const { random } = stage;
  const odds = orderOdds(stage.active);
  if (random.chance(odds.cancelled)) {
    cancel(order, odds, stage);
    return;
  }
  const { order: kept, wait } = random.chance(odds.edited) ? edit(order, odds, stage) : { order, wait: 0 };
  // Lines are returned independently of their value, so the share of lines is the share of value.
  const returned = kept.lines.filter(() => random.chance(odds.returned));
  if (returned.length > 0)
    giveBack(kept, refundOf(kept, returned, random), wait + odds.returnWait(random), stage);
  else if (random.chance(odds.goodwill))
    giveBack(kept, goodwillOf(kept), wait + odds.returnWait(random), stage);
  if (random.chance(REVIEWED_SHARE)) review(order, stage);
}

/** The envelope of something that happens to an order after the visit. */
function afterVisit(order: Order, time: number, { ids }: Stage) {
  const { shop, visitorId, customerId, device, channel, country } = order;
  const eventId = ids.eventId(time);
  return { eventId, eventTime: time, shop, visitorId, sessionId: null, customerId, device, channel, country };
}

function takeFromStock(product: CatalogProduct, quantity: number, stage: Stage): void {
  const { world, ids, follow, later, random } = stage;
  const before = product.stock;
  product.stock = Math.max(0, before - quantity);
  // What is sold out already is not told again: nothing has changed.
  if (product.stock === before) return;
  follow((time) => productEvent(world.shop, product, time, ids));
  const reorderLevel = product.fullStock * REORDER_AT;
  if (before > reorderLevel && product.stock <= reorderLevel) {
    later(random.exponential(DELIVERY_MEAN), (time) => {
      product.stock = product.fullStock;
      return productEvent(world.shop, product, time, ids);
    });
  }
}

function cancel(order: Order, odds: OrderOdds, stage: Stage): void {
  const { random, later } = stage;
  const wait = odds.cancelWait(random);
  later(wait, (time) => ({
    type: 'order_cancelled',
    ...afterVisit(order, time, stage),
    orderId: order.orderId,
    reason: random.pick(CANCEL_REASONS),
  }));
  if (random.chance(odds.cancelledRefunded))
    giveBack(order, wholeRefundOf(order), wait + odds.cancelRefundWait(random), stage);
}

/** Plans a change of the order; returns the order as it is then, and in how long (ms). */
function edit(order: Order, odds: OrderOdds, stage: Stage): { order: Order; wait: number } {
  const { random, ids, later } = stage;
  const change = drawOrderEdit(order, stage);
  const wait = odds.editWait(random);
  later(wait, (time) => {
    if (change.product) takeFromStock(change.product, 1, stage);
    return {
      type: 'order_edited',
      ...afterVisit(order, time, stage),
      editId: ids.name('e'),
      orderId: order.orderId,
      currency: order.currency,
      ...change.difference,
      ...(order.paymentMethod === undefined ? {} : { paymentMethod: order.paymentMethod }),
      ...couponOf(order),
    };
  });
  return { order: change.order, wait };
}

/** What becomes of an order tells its coupon. */
const couponOf = ({ coupon }: Order): Pick<Order, 'coupon'> => (coupon === undefined ? {} : { coupon });

function giveBack(order: Order, refunded: Refunded, wait: number, stage: Stage): void {
  const { ids, later } = stage;
  later(wait, (time) => ({
    type: 'refund_issued',
    ...afterVisit(order, time, stage),
    refundId: ids.name('r'),
    ...refunded,
    ...couponOf(order),
  }));
}

function review(order: Order, stage: Stage): void {
  const { random, later } = stage;
  later(random.exponential(REVIEW_MEAN_WAIT), (time) => {
    const { sku, category } = random.pick(order.lines);
    const rating = drawRating(random);
    return {
      type: 'review_submitted',
      ...afterVisit(order, time, stage),
      sku,
      category,
      rating,
      text: random.pick(REVIEW_TEXTS[rating - 1]!),
    };
  });
}
