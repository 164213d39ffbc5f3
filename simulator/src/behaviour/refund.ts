import { type EventOf, goodsOf } from '@storepulse/contracts';
import type { Random } from '../random/random.ts';
import { GOODWILL_PERCENT, SHIPPING_REFUNDED_SHARE } from './calibration.ts';

type Order = EventOf<'order_placed'>;

/** What a refund gives back, and of which order. */
export type Refunded = Pick<
  EventOf<'refund_issued'>,
  'orderId' | 'currency' | 'lines' | 'shipping' | 'tax' | 'amount'
>;

/** Lines that come back, each as it was paid; of an order that comes back whole often the delivery too. */
export function refundOf(order: Order, lines: Order['lines'], random: Random): Refunded {
  const isWhole = lines.length === order.lines.length;
  const withShipping = isWhole && random.chance(SHIPPING_REFUNDED_SHARE);
  return refunded(order, lines, withShipping ? order.shipping : 0);
}

/** All that was paid for an order. */
export function wholeRefundOf(order: Order): Refunded {
  return refunded(order, order.lines, order.shipping);
}

/** Some of the price, for no line in particular. */
export function goodwillOf({ orderId, currency, lines }: Order): Refunded {
  const amount = Math.round((goodsOf(lines) * GOODWILL_PERCENT) / 100);
  return { orderId, currency, lines: [], amount };
}

/** Tax comes back in the share of what it was paid on. */
function refunded(order: Order, lines: Order['lines'], shipping: number): Refunded {
  const { orderId, currency } = order;
  const goods = goodsOf(lines);
  const taxed = goodsOf(order.lines) + order.shipping;
  const tax = taxed === 0 ? 0 : Math.round((order.tax * (goods + shipping)) / taxed);
  return { orderId, currency, lines: [...lines], shipping, tax, amount: goods + shipping + tax };
}
