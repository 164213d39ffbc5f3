import { spreadDiscount, worthOf } from '@storepulse/contracts/events/discounts';

/** A line as it may be sent: what is absent is filled in. */
export interface SentLine {
  readonly sku: string;
  readonly category?: string | null;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly discount?: number;
  readonly tax?: number;
}
/** A line whose category and discount are told. */
export type ToldLine = SentLine & { readonly category: string | null; readonly discount: number };

/** What the lines cost before their discounts. */
export const worthOfAll = (lines: readonly SentLine[]): number => sumOf(lines, worthOf);

/** What the lines tell of their discounts. */
export const toldDiscount = (lines: readonly SentLine[]): number =>
  sumOf(lines, ({ discount = 0 }) => discount);

/** What the lines that leave their discount open cost. */
export const openWorth = (lines: readonly SentLine[]): number =>
  sumOf(lines, (line) => (line.discount === undefined ? worthOf(line) : 0));

/**
 * The lines with all their discounts: `rest` is spread over those that leave theirs open, in proportion to what they
 * cost, to the last unit.
 * @param rest from 0 to `openWorth`
 */
export function withAllDiscounts(lines: readonly SentLine[], rest: number): ToldLine[] {
  const discounts = spreadDiscount(
    lines.map((line) => ({ ...line, category: line.category ?? null })),
    rest,
  );
  return lines.map((line, i) => ({ ...line, category: line.category ?? null, discount: discounts[i]! }));
}

/** The sum of what `of` gives for each of some things. */
export function sumOf<T>(items: readonly T[], of: (item: T) => number): number {
  let sum = 0;
  for (const item of items) sum += of(item);
  return sum;
}
