import { goodsOf } from './goods.ts';
import type { EventOf, StoreEvent } from './index.ts';

/** An event that takes goods back: with a refund, or off an order by an edit. */
export type Reversal = EventOf<'refund_issued' | 'order_edited'>;

type Line = EventOf<'order_edited'>['removed'][number];

/** The event, if it takes goods back and names them. */
export function reversalOf(event: StoreEvent): Reversal | undefined {
  const isReversal = event.type === 'refund_issued' || event.type === 'order_edited';
  return isReversal && reversedLines(event).length > 0 ? event : undefined;
}

/** The lines that an event takes back. */
export function reversedLines(event: Reversal): readonly Line[] {
  return event.type === 'order_edited' ? event.removed : (event.lines ?? []);
}

/** Whether a line leaves open what its order took off. */
export const isUntold = ({ discount }: Line): boolean => discount === undefined;

/** What a line is worth before its discount, in minor units. */
export const worthOf = ({ unitPrice, quantity }: Pick<Line, 'unitPrice' | 'quantity'>): number =>
  unitPrice * quantity;

/**
 * What the event's amounts say that its lines have been discounted by, beyond the discounts that they tell: 0 where
 * they add up without more, negative where more is given back than the lines are worth.
 */
export function untoldDiscount(event: Reversal): number {
  const { shipping = 0, tax = 0 } = event;
  const given =
    event.type === 'refund_issued'
      ? event.amount - shipping - tax
      : goodsOf(event.added) + shipping + tax - event.total;
  return goodsOf(reversedLines(event)) - given;
}

/** Whether the amounts fit the lines: what they are short of can be the discount of lines that tell none. */
export function amountsFit(event: Reversal): boolean {
  const untold = untoldDiscount(event);
  let worth = 0;
  for (const line of reversedLines(event)) if (isUntold(line)) worth += worthOf(line);
  return untold >= 0 && untold <= worth;
}

/** Discounts by line: those told, and `untold` spread over the others in proportion to what they are worth. */
export function spreadDiscount(lines: readonly Line[], untold: number): number[] {
  let rest = untold;
  let worth = 0;
  for (const line of lines) if (isUntold(line)) worth += worthOf(line);
  return lines.map((line) => {
    if (line.discount !== undefined) return line.discount;
    const own = shareOf(rest, worthOf(line), worth);
    rest -= own;
    worth -= worthOf(line);
    return own;
  });
}

/** `part` of `whole` shares of an amount, rounded down: exact also where products exceed a double's 53 bits. */
export function shareOf(amount: number, part: number, whole: number): number {
  return whole === 0 ? 0 : Number((BigInt(amount) * BigInt(part)) / BigInt(whole));
}

/** The event with these discounts on the lines that it takes back. */
export function withDiscounts(event: Reversal, discounts: readonly number[]): Reversal {
  const lines = reversedLines(event).map((line, i) => ({ ...line, discount: discounts[i]! }));
  return event.type === 'order_edited' ? { ...event, removed: lines } : { ...event, lines };
}
