import type { OrderEdited, RefundIssued, ReversedLine } from './transactions.ts';

/** What lines are worth after their discounts, in minor units. */
export function goodsOf(
  lines: readonly { readonly unitPrice: number; readonly quantity: number; readonly discount?: number }[],
): number {
  let goods = 0;
  for (const { unitPrice, quantity, discount = 0 } of lines) goods += unitPrice * quantity - discount;
  return goods;
}

/** What a refund gives back, or an order edit takes off, of one product; `sku` and `category` null where it names none. */
export interface ReversedGoods {
  readonly sku: string | null;
  readonly category: string | null;
  /** Pieces; 0 where it names no product. */
  readonly quantity: number;
  /** After the discount, in minor units, never negative. */
  readonly amount: number;
}

/**
 * The goods that an event takes back: by line, or as one amount for no product in particular when a refund names no
 * line and gives back more than delivery and tax.
 */
export function reversedGoodsOf(event: RefundIssued | OrderEdited): readonly ReversedGoods[] {
  if (event.type === 'order_edited') return event.removed.map(reversedLine);
  const { lines = [], amount, shipping = 0, tax = 0 } = event;
  if (lines.length > 0) return lines.map(reversedLine);
  const rest = amount - shipping - tax;
  return rest === 0 ? [] : [{ sku: null, category: null, quantity: 0, amount: rest }];
}

function reversedLine(line: ReversedLine): ReversedGoods {
  const { sku, category, quantity } = line;
  return { sku, category, quantity, amount: goodsOf([line]) };
}
