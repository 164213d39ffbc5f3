import type { AmountType } from './fields.ts';
import {
  openWorth,
  type SentLine,
  sumOf,
  type ToldLine,
  toldDiscount,
  withAllDiscounts,
  worthOfAll,
} from './lines.ts';
import { taxShares, withoutTax } from './tax.ts';

/** Amounts that contradict each other. */
export interface AmountFault {
  readonly code: 'total-mismatch' | 'schema-violation';
  readonly path: string;
  readonly message: string;
}

/** The amounts of an event as they are sent; they fit their fields. */
type Sent = Record<string, unknown> & { readonly pricesIncludeTax?: boolean };

/**
 * Puts the amounts of an event into the form that they have on Kafka, in place: spreads its discount over its lines, fills
 * in what may be left out, and takes the tax out of prices that include it.
 */
export function expandAmounts(type: AmountType, event: Sent): AmountFault | undefined {
  const includesTax = event.pricesIncludeTax === true;
  if (includesTax && event.tax === undefined) {
    const message = 'is missing: prices include tax, so it must be told how much';
    return { code: 'schema-violation', path: '/tax', message };
  }
  const fault = EXPANSIONS[type](event as never, includesTax);
  if (fault === undefined) delete (event as { pricesIncludeTax?: boolean }).pricesIncludeTax;
  return fault;
}

const EXPANSIONS: Record<AmountType, (event: never, includesTax: boolean) => AmountFault | undefined> = {
  order_placed: expandOrder,
  order_edited: expandEdit,
  refund_issued: expandRefund,
};

interface SentOrder extends Record<string, unknown> {
  lines: readonly SentLine[];
  subtotal?: number;
  discount?: number;
  shipping?: number;
  tax?: number;
  total: number;
}

function expandOrder(order: SentOrder, includesTax: boolean): AmountFault | undefined {
  const { lines, total, shipping = 0, tax = 0 } = order;
  const subtotal = order.subtotal ?? worthOfAll(lines);
  const told = toldDiscount(lines);
  const discount = order.discount ?? told;
  const rest = discount - told;
  const open = openWorth(lines);
  // Without an open line, what the lines tell is held against the order below.
  const isSpread = lines.some((line) => line.discount === undefined);
  if (isSpread && (rest < 0 || rest > open))
    return mismatch('/discount', 'discount is less than that of the lines, or more than the others cost');
  const all = withAllDiscounts(lines, isSpread ? rest : 0);
  if (!includesTax) {
    Object.assign(order, { lines: all, subtotal, discount, shipping, tax });
    return undefined;
  }
  if (subtotal !== worthOfAll(lines)) return mismatch('', 'subtotal is not what the lines add up to');
  if (discount !== toldDiscount(all)) return mismatch('', 'discount is not that of the lines');
  if (total !== subtotal - discount + shipping)
    return mismatch('', 'total is not subtotal less discount and with shipping: prices include tax');
  const net = netOf(all, shipping, tax);
  if ('code' in net) return net;
  Object.assign(order, {
    lines: net.lines,
    subtotal: worthOfAll(net.lines),
    discount: toldDiscount(net.lines),
    shipping: net.shipping,
  });
  return undefined;
}

interface SentRefund extends Record<string, unknown> {
  lines?: readonly SentLine[];
  shipping?: number;
  tax?: number;
  amount: number;
}

function expandRefund(refund: SentRefund, includesTax: boolean): AmountFault | undefined {
  const { lines = [], shipping = 0, tax = 0, amount } = refund;
  if (!includesTax) {
    if (refund.lines) refund.lines = lines.map(withCategory);
    return undefined;
  }
  // What is given back for no product in particular bears its share of the tax, and stays a part of the amount.
  const goods = amount - shipping;
  if (goods < 0) return mismatch('', 'amount is less than shipping: prices include tax');
  const told = lines.length > 0 ? backTold(lines, goods) : [];
  if (!told) return mismatch('', 'amount is not what the lines add up to, with shipping: prices include tax');
  const net = netOf(told, shipping, tax, lines.length > 0 ? 0 : goods);
  if ('code' in net) return net;
  Object.assign(refund, {
    ...(refund.lines ? { lines: net.lines } : {}),
    shipping: net.shipping,
  });
  return undefined;
}

interface SentEdit extends Record<string, unknown> {
  added?: readonly SentLine[];
  removed?: readonly SentLine[];
  shipping?: number;
  tax?: number;
  total: number;
}

function expandEdit(edit: SentEdit, includesTax: boolean): AmountFault | undefined {
  const { added = [], removed = [], shipping = 0, tax = 0, total } = edit;
  const on = withAllDiscounts(added, 0);
  if (!includesTax) {
    Object.assign(edit, { added: on, removed: removed.map(withCategory), shipping, tax });
    return undefined;
  }
  for (const [name, lines] of [['added', added] as const, ['removed', removed] as const]) {
    const at = lines.findIndex((line) => line.tax === undefined);
    if (at < 0) continue;
    const message = 'is missing: prices include tax, so each line must tell how much is in it';
    return { code: 'schema-violation', path: `/${name}/${at}/tax`, message };
  }
  const off = backTold(removed, costOf(on) + shipping - total);
  if (!off)
    return mismatch(
      '',
      'total is not the added lines less the removed ones, with shipping: prices include tax',
    );
  const ofLines = sumOf(on, taxOf) - sumOf(off, taxOf);
  const ofShipping = tax - ofLines;
  const fits =
    ofShipping === 0 ||
    (Math.sign(ofShipping) === Math.sign(shipping) && Math.abs(ofShipping) <= Math.abs(shipping));
  const ofEach = [...on, ...off].every((line) => taxOf(line) <= costOf([line]));
  if (!fits || !ofEach) return mismatch('/tax', 'tax is not that of the lines and of shipping');
  Object.assign(edit, {
    added: on.flatMap((line) => withoutTax(line, taxOf(line))),
    removed: off.flatMap((line) => withoutTax(line, taxOf(line))),
    shipping: shipping - ofShipping,
  });
  return undefined;
}

const withCategory = (line: SentLine) => ({ ...line, category: line.category ?? null });
const taxOf = ({ tax = 0 }: SentLine): number => tax;
const costOf = (lines: readonly SentLine[]): number => worthOfAll(lines) - toldDiscount(lines);

/** Lines that are taken back for `given`, with all their discounts; undefined when they can't be. */
function backTold(lines: readonly SentLine[], given: number): ToldLine[] | undefined {
  const untold = costOf(lines) - given;
  if (untold < 0 || untold > openWorth(lines)) return undefined;
  return withAllDiscounts(lines, untold);
}

/** Lines and delivery without the tax that is in them; `other`: what else bears a share of it. */
function netOf(
  lines: readonly ToldLine[],
  shipping: number,
  tax: number,
  other = 0,
): { readonly lines: readonly ToldLine[]; readonly shipping: number } | AmountFault {
  if (lines.some((line) => line.discount > line.unitPrice * line.quantity))
    return mismatch('', 'a line has more discount than it is worth');
  const nothing: ToldLine = { sku: '-', category: null, quantity: 1, unitPrice: other, discount: 0 };
  const shares = taxShares([...lines, nothing], shipping, tax);
  if (!shares)
    return mismatch('/tax', 'tax is not that of the lines and of shipping, or more than they cost');
  return {
    lines: lines.flatMap((line, i) => withoutTax(line, shares[i]!)),
    shipping: shipping - shares.at(-1)!,
  };
}

function mismatch(path: string, message: string): AmountFault {
  return { code: 'total-mismatch', path, message };
}
