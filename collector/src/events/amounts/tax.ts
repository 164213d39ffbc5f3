import { shareOf, worthOf } from '@storepulse/contracts/events/discounts';
import { sumOf, type ToldLine } from './lines.ts';

/** What a line costs after its discount. */
const priceOf = (line: ToldLine): number => worthOf(line) - line.discount;

/**
 * The tax within each line, and within the delivery at last: what lines tell, and the rest in the others in proportion to
 * what they cost. Each share is rounded down and the next ones bear what is left, so that all add up to `tax`.
 * @param shipping delivery, with its tax
 * @returns undefined when so much tax can't lie in them
 */
export function taxShares(
  lines: readonly ToldLine[],
  shipping: number,
  tax: number,
): readonly number[] | undefined {
  let rest = tax - sumOf(lines, ({ tax: own = 0 }) => own);
  let open = shipping + sumOf(lines, (line) => (line.tax === undefined ? priceOf(line) : 0));
  if (rest < 0 || rest > open || lines.some((line) => (line.tax ?? 0) > priceOf(line))) return undefined;
  const share = (price: number): number => {
    const own = shareOf(rest, price, open);
    rest -= own;
    open -= price;
    return own;
  };
  return [...lines.map((line) => line.tax ?? share(priceOf(line))), share(shipping)];
}

/**
 * A line without the tax that is in it. What it costs after its discount is told to the last unit; its discount is
 * without its share of the tax, rounded down. Where pieces have no common price, some cost one unit more.
 * @param tax from 0 to what the line costs after its discount
 */
export function withoutTax(line: ToldLine, tax: number): ToldLine[] {
  const { tax: _, quantity, discount: told, ...rest } = line;
  const price = priceOf(line);
  const net = price - tax;
  // What costs nothing has no tax to tell the rate by: it is all discount.
  const discount = price === 0 ? told : shareOf(told, net, price);
  const worth = net + discount;
  const unitPrice = Math.floor(worth / quantity);
  const dearer = worth - unitPrice * quantity;
  if (dearer === 0) return [{ ...rest, quantity, unitPrice, discount }];
  const cheaper = quantity - dearer;
  const own = shareOf(discount, cheaper * unitPrice, worth);
  return [
    { ...rest, quantity: cheaper, unitPrice, discount: own },
    { ...rest, quantity: dearer, unitPrice: unitPrice + 1, discount: discount - own },
  ];
}
