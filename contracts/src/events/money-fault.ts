import { amountsFit } from './discounts.ts';
import type { EventOf, StoreEvent } from './index.ts';

/** What contradicts itself in the amounts of an event; undefined: they add up, or it has none that must. */
export function moneyFault(event: StoreEvent): string | undefined {
  switch (event.type) {
    case 'order_placed':
      return orderFault(event);
    case 'order_edited':
      return editFault(event);
    case 'refund_issued':
      return refundFault(event);
    default:
      return undefined;
  }
}

type Line = { readonly unitPrice: number; readonly quantity: number; readonly discount?: number };

function orderFault(order: EventOf<'order_placed'>): string | undefined {
  const { lines, subtotal, discount, shipping, tax, total } = order;
  if (subtotal !== sumOf(lines, worth)) return 'subtotal is not what the lines add up to';
  if (discount !== sumOf(lines, (line) => line.discount)) return 'discount is not that of the lines';
  if (total !== subtotal - discount + shipping + tax)
    return 'total is not subtotal less discount and with shipping and tax';
  return undefined;
}

function editFault(edit: EventOf<'order_edited'>): string | undefined {
  const { added, removed } = edit;
  if (added.some(isOverDiscounted)) return 'an added line has more discount than it is worth';
  if (removed.some(isOverDiscounted)) return 'a removed line has more discount than it is worth';
  if (!amountsFit(edit)) return 'total is not the added lines less the removed ones, with shipping and tax';
  return undefined;
}

function refundFault(refund: EventOf<'refund_issued'>): string | undefined {
  const { lines = [], shipping = 0, tax = 0, amount } = refund;
  if (lines.some(isOverDiscounted)) return 'a line has more discount than it is worth';
  if (lines.length === 0)
    return amount >= shipping + tax ? undefined : 'amount is less than shipping and tax';
  return amountsFit(refund)
    ? undefined
    : 'amount is not what the lines add up to, less their discounts and with shipping and tax';
}

const worth = ({ unitPrice, quantity }: Line) => unitPrice * quantity;
const isOverDiscounted = (line: Line) => (line.discount ?? 0) > worth(line);

function sumOf<T>(items: readonly T[], of: (item: T) => number): number {
  let total = 0;
  for (const item of items) total += of(item);
  return total;
}
