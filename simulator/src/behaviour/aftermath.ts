import type { EventOf } from '@storepulse/contracts';
import type { Random } from '../random/random.ts';
import { weightedDraw } from '../random/weighted.ts';
import type { CatalogProduct } from '../world/products.ts';
import { productEvent } from '../world/shop-world.ts';
import {
  CANCELLED_SHARE,
  CANCELLED_WITHIN,
  EARLY_RETURN_SHARE,
  EARLY_RETURN_WITHIN,
  LATE_RETURN_WAIT,
  RATING_WEIGHTS,
  RETURN_SHARE,
  REVIEW_MEAN_WAIT,
  REVIEWED_SHARE,
} from './calibration.ts';
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

/** What an order leads to: stock goes down, and later it may be called off, returned or reviewed. */
export function afterOrder(order: Order, products: readonly CatalogProduct[], stage: Stage): void {
  takeFromStock(order, products, stage);
  const { random } = stage;
  if (random.chance(CANCELLED_SHARE)) {
    cancel(order, stage);
    return;
  }
  // Lines are returned independently of their value, so the share of lines is the share of value.
  const returned = order.lines.filter(() => random.chance(RETURN_SHARE));
  if (returned.length > 0) giveBack(order, returned, stage);
  if (random.chance(REVIEWED_SHARE)) review(order, stage);
}

/** The envelope of something that happens to an order after the visit. */
function afterVisit(order: Order, time: number, { ids }: Stage) {
  const { shop, visitorId, customerId, device, channel, country } = order;
  const eventId = ids.eventId(time);
  return { eventId, eventTime: time, shop, visitorId, sessionId: null, customerId, device, channel, country };
}

function takeFromStock(order: Order, products: readonly CatalogProduct[], stage: Stage): void {
  const { world, ids, follow, later, random } = stage;
  products.forEach((product, index) => {
    const before = product.stock;
    product.stock = Math.max(0, before - order.lines[index]!.quantity);
    follow((time) => productEvent(world.shop, product, time, ids));
    const reorderLevel = product.fullStock * REORDER_AT;
    if (before > reorderLevel && product.stock <= reorderLevel) {
      later(random.exponential(DELIVERY_MEAN), (time) => {
        product.stock = product.fullStock;
        return productEvent(world.shop, product, time, ids);
      });
    }
  });
}

function cancel(order: Order, stage: Stage): void {
  const { random, later } = stage;
  later(random.next() * CANCELLED_WITHIN, (time) => ({
    type: 'order_cancelled',
    ...afterVisit(order, time, stage),
    orderId: order.orderId,
    reason: random.pick(CANCEL_REASONS),
  }));
}

function giveBack(order: Order, lines: Order['lines'], stage: Stage): void {
  const { ids, later } = stage;
  later(returnWait(stage.random), (time) => ({
    type: 'refund_issued',
    ...afterVisit(order, time, stage),
    refundId: ids.name('r'),
    orderId: order.orderId,
    currency: order.currency,
    lines: lines.map(({ sku, category, quantity, unitPrice }) => ({ sku, category, quantity, unitPrice })),
    amount: lines.reduce((sum, line) => sum + line.unitPrice * line.quantity, 0),
  }));
}

function returnWait(random: Random): number {
  return random.chance(EARLY_RETURN_SHARE)
    ? random.next() * EARLY_RETURN_WITHIN
    : random.logNormal(LATE_RETURN_WAIT.median, LATE_RETURN_WAIT.sigma);
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
