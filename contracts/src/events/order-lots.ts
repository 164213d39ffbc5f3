import {
  isUntold,
  type Reversal,
  reversedLines,
  shareOf,
  spreadDiscount,
  untoldDiscount,
  worthOf,
} from './discounts.ts';
import type { EventOf } from './index.ts';

/** What an order, an edit or a refund says of an order's goods. */
export type GoodsEvent = EventOf<'order_placed'> | Reversal;

/** Pieces of one product at one price that an order still has, and what it took off them, in minor units. */
interface Lot {
  readonly unitPrice: number;
  readonly pieces: number;
  readonly discount: number;
}

/** What is left of an order’s goods, by product and price. */
export type OrderLots = Map<string, Lot>;

type Line = { readonly sku: string; readonly unitPrice: number; readonly quantity: number };

/** A product may lie in an order at two prices; which of them comes back is told by the price. */
const lotKey = ({ sku, unitPrice }: Line) => `${unitPrice}|${sku}`;

/**
 * Adds what an event puts on an order to its lots, and takes off what it takes back. The order of events does not matter.
 * @param discountsAsSold of the lines that it takes back, where they were taken from the lots
 */
export function moveGoods(lots: OrderLots, event: GoodsEvent, discountsAsSold?: readonly number[]): void {
  const added =
    event.type === 'order_placed' ? event.lines : event.type === 'order_edited' ? event.added : [];
  for (const line of added) move(lots, line, line.discount, 1);
  if (event.type === 'order_placed') return;
  const lines = reversedLines(event);
  const discounts = discountsAsSold ?? spreadDiscount(lines, Math.max(0, untoldDiscount(event)));
  lines.forEach((line, i) => {
    move(lots, line, discounts[i]!, -1);
  });
}

function move(lots: OrderLots, line: Line, discount: number, sign: 1 | -1): void {
  const { unitPrice } = line;
  const lot = lots.get(lotKey(line)) ?? { pieces: 0, discount: 0 };
  lots.set(lotKey(line), {
    unitPrice,
    pieces: lot.pieces + sign * line.quantity,
    discount: lot.discount + sign * discount,
  });
}

/**
 * Discounts of the lines that an event takes back: those told, and else the pieces' share of what is left of the lot's
 * discount. The last pieces of a lot take all that is left, so that a lot which comes back in parts leaves nothing.
 */
export function discountsAsSold(lots: OrderLots, event: Reversal): number[] {
  const left = new Map(lots);
  return reversedLines(event).map((line) => {
    const discount = isUntold(line) ? asSold(settled(left).get(lotKey(line)), line) : line.discount!;
    move(left, line, discount, -1);
    return discount;
  });
}

function asSold(lot: Lot | undefined, line: Line): number {
  if (!lot || lot.pieces <= 0 || lot.discount <= 0) return 0;
  const share = line.quantity >= lot.pieces ? lot.discount : shareOf(lot.discount, line.quantity, lot.pieces);
  return Math.min(share, worthOf(line));
}

/**
 * The lots with what is left of the order's discounts where pieces are left that can have it. An amount that is short of
 * several lines tells of no line alone: spread by worth, a lot may have lost more than it had, or kept some with its last
 * piece gone. What it can't have, the others have, in the order of their keys.
 */
function settled(lots: OrderLots): OrderLots {
  const all = [...lots].sort(([a], [b]) => (a < b ? -1 : 1));
  const most = ({ unitPrice, pieces }: Lot) => unitPrice * Math.max(0, pieces);
  let rest = 0;
  const within = all.map(([key, lot]) => {
    const discount = Math.min(Math.max(0, lot.discount), most(lot));
    rest += lot.discount - discount;
    return [key, { ...lot, discount }] as const;
  });
  if (rest === 0) return new Map(within);
  return new Map(
    within.map(([key, lot]) => {
      const moved = rest > 0 ? Math.min(rest, most(lot) - lot.discount) : Math.max(rest, -lot.discount);
      rest -= moved;
      return [key, { ...lot, discount: lot.discount + moved }];
    }),
  );
}
