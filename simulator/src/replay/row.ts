import { EARLIEST_EVENT_TIME, MoneyError, parseMoney } from '@storepulse/contracts';
import { FIELD_COUNT, splitFields } from './fields.ts';
import type { WallTimeReader } from './wall-time.ts';

/** What becomes of a readable row. */
export type RowFate = 'order_line' | 'return_line' | 'adjustment' | 'stock_movement';

/** A readable row. */
export interface Row {
  /** Number of its line in the file; the header is line 1. */
  readonly line: number;
  readonly fate: RowFate;
  readonly invoice: string;
  readonly sku: string;
  readonly description: string;
  /** Signed pieces, as in the file. */
  readonly quantity: number;
  /** Epoch ms. */
  readonly time: number;
  /** Signed price of one piece in thousandths. */
  readonly price: number;
  readonly customerId: string | null;
  readonly country: string;
}

/** Decimals of the data set's money: four unit prices are 0.001. */
export const SCALE = 3;
/** A thousand million: sums of a few thousand such lines are still exact. */
const MAX_LINE_AMOUNT = 10 ** (9 + SCALE);
const MAX_QUANTITY = 10_000_000;
const ID = /^[^|\p{Cc}]{1,128}$/u;
const CUSTOMER = /^(\d{1,15})(?:\.0)?$/;

/** Reads one line, the `line`-th of its file, as a row; a text is the reason why it is none. */
export function readRow(text: string, line: number, readTime: WallTimeReader): Row | string {
  const fields = splitFields(text);
  if (!fields) return 'quotes do not fit';
  if (fields.length !== FIELD_COUNT) return `${fields.length} columns instead of ${FIELD_COUNT}`;
  const [invoice, sku, description, quantityText, timeText, priceText, customerText, country] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if (!ID.test(invoice)) return `InvoiceNo ${quoted(invoice)} is not an id`;
  if (!ID.test(sku)) return `StockCode ${quoted(sku)} is not an id`;
  const quantity = /^[+-]?\d{1,9}$/.test(quantityText) ? Number(quantityText) : Number.NaN;
  if (!(Math.abs(quantity) <= MAX_QUANTITY))
    return `Quantity ${quoted(quantityText)} is not a usable whole number`;
  const time = readTime(timeText);
  if (time === null || time < EARLIEST_EVENT_TIME)
    return `InvoiceDate ${quoted(timeText)} is not a date and time since 2000`;
  const price = readPrice(priceText);
  if (typeof price === 'string') return price;
  if (Math.abs(price * quantity) > MAX_LINE_AMOUNT)
    return `Quantity × UnitPrice (${quantityText} × ${priceText}) is too large`;
  const customer = CUSTOMER.exec(customerText);
  if (!customer && customerText !== '') return `CustomerID ${quoted(customerText)} is not a number`;
  if (country.length === 0 || country.length > 80) return `Country ${quoted(country)} is not a name`;
  const fate = fateOf(invoice, quantity, price);
  if (!fate)
    return `quantity ${quantityText} at price ${priceText} fits no kind of row of invoice ${invoice}`;
  return {
    line,
    fate,
    invoice,
    sku,
    description,
    quantity,
    time,
    price,
    customerId: customer?.[1] ?? null,
    country,
  };
}

/** The fate of a readable row by the definitions of the data set; null when none of them fits. */
function fateOf(invoice: string, quantity: number, price: number): RowFate | null {
  if (invoice.startsWith('C')) return quantity < 0 && price >= 0 ? 'return_line' : null;
  if (price < 0) return 'adjustment';
  if (price === 0) return 'stock_movement';
  return quantity > 0 ? 'order_line' : null;
}

function readPrice(text: string): number | string {
  try {
    return parseMoney(text, SCALE);
  } catch (error) {
    if (error instanceof MoneyError)
      return `UnitPrice ${quoted(text)} is not a usable amount: ${error.message}`;
    throw error;
  }
}

/** A piece of the input as shown to people: cut, and without characters that play tricks on a terminal. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
