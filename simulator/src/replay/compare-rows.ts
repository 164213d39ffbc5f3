import { reasonOf } from '@storepulse/contracts/sales/invoice';
import type { Row } from '@storepulse/contracts/sales/row';

/** What of an invoice's rows is new beside the rows of it that are known. */
export type Comparison =
  | { readonly kind: 'new'; readonly rows: readonly Row[]; readonly known: number }
  | { readonly kind: 'unclear'; readonly sku: string };

/** What a row says, in the terms in which it is counted: rows of the same words are the same row told again. */
export function contentOf(row: Row): string {
  return row.fate === 'adjustment'
    ? adjustmentContent(row.price * row.quantity, reasonOf(row))
    : row.fate === 'stock_movement'
      ? movementContent(row.sku, row.quantity, reasonOf(row))
      : lineContent(row.fate, row.sku, Math.abs(row.quantity), row.price);
}

/** The content of a line of an order or a refund. */
export const lineContent = (
  fate: 'order_line' | 'return_line',
  sku: string,
  quantity: number,
  price: number,
) => `${fate}|${sku}|${quantity}|${price}`;
/** The content of an adjustment, with its amount in thousandths. */
export const adjustmentContent = (amount: number, reason: string) => `adjustment||${amount}|${reason}`;
/** The content of a movement of stock. */
export const movementContent = (sku: string, quantity: number, reason: string) =>
  `stock_movement|${sku}|${quantity}|${reason}`;

/**
 * Compares an invoice's rows with those that are known of it, each kind of row for itself. Told again whole or in part,
 * they add nothing; with further rows, or with rows of other products, they add those. Anything else may be a
 * correction or a second part, and is unclear: a row that is known, but not all are, beside one that is not; or another
 * quantity or price of the same product.
 * @param known contents, each as often as it is known
 */
export function compareRows(known: readonly string[], rows: readonly Row[]): Comparison {
  const added: Row[] = [];
  let repeated = 0;
  for (const [fate, ofFate] of Map.groupBy(rows, (row) => row.fate)) {
    const left = countsOf(known.filter((content) => content.startsWith(`${fate}|`)));
    const knownSkus = new Set([...left.keys()].map((content) => content.split('|')[1]!));
    const fresh = ofFate.filter((row) => {
      const content = contentOf(row);
      const count = left.get(content) ?? 0;
      if (count === 0) return true;
      if (count === 1) left.delete(content);
      else left.set(content, count - 1);
      return false;
    });
    const same = ofFate.length - fresh.length;
    const partly = fresh.length > 0 && left.size > 0;
    const isLine = fate === 'order_line' || fate === 'return_line';
    const changed = fresh.find(({ sku }) => partly && ((isLine && knownSkus.has(sku)) || same > 0));
    if (changed) return { kind: 'unclear', sku: changed.sku };
    added.push(...fresh);
    repeated += same;
  }
  return { kind: 'new', rows: added, known: repeated };
}

function countsOf(contents: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const content of contents) counts.set(content, (counts.get(content) ?? 0) + 1);
  return counts;
}
