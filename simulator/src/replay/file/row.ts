import { EARLIEST_EVENT_TIME, type ZoneCalendar } from '@storepulse/contracts';
import { createTimeReader } from './dates.ts';
import type { Column, FileForm } from './form.ts';
import { fieldOf, idOf, quoted, readPrice, readWhole } from './numbers.ts';
import type { RawRecord } from './records.ts';

/** What becomes of a readable row. */
export type RowFate = 'order_line' | 'return_line' | 'adjustment' | 'stock_movement';

/** A readable row. */
export interface Row {
  /** Number of its first line in the file; the first line is 1. */
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
const CUSTOMER = /^\d{1,15}$/;
/** What a spreadsheet makes of a long number; several of them are the same then. */
const SHORTENED = /^\d(?:[.,]\d+)?E\+?\d+$/i;

/** Reads one record as a row; a text is the reason why it is none. */
export type RowReader = (record: RawRecord) => Row | string;

/** Makes a reader of rows for files of that form, with prices in that currency. */
export function createRowReader(form: FileForm, calendar: ZoneCalendar, currency: string): RowReader {
  const readTime = createTimeReader(calendar, form.dateOrder);
  const { columns, width, decimal } = form;
  return ({ line, fields }) => {
    if (!fields) return 'quotes do not fit';
    const extra = fields.slice(width).some((field) => field.trim() !== '');
    if (fields.length < width || extra) return `${fields.length} columns instead of ${width}`;
    const text = (column: Column) => fieldOf(fields[columns[column]]!);
    const id = (column: 'InvoiceNo' | 'StockCode' | 'CustomerID') => idOf(fields[columns[column]]!);
    const invoice = id('InvoiceNo').replace(/^c(?=\d)/, 'C');
    if (SHORTENED.test(invoice))
      return `InvoiceNo ${quoted(invoice)} was shortened by a spreadsheet: export the column as text`;
    if (!ID.test(invoice)) return `InvoiceNo ${quoted(invoice)} is not an id`;
    const sku = id('StockCode');
    if (!ID.test(sku)) return `StockCode ${quoted(sku)} is not an id`;
    const quantityText = text('Quantity');
    const quantity = readWhole(quantityText, decimal) ?? Number.NaN;
    if (!(Math.abs(quantity) <= MAX_QUANTITY))
      return `Quantity ${quoted(quantityText)} is not a usable whole number`;
    const timeText = text('InvoiceDate');
    const time = readTime(timeText);
    if (time === null || time < EARLIEST_EVENT_TIME) return notATime(timeText);
    const priceText = text('UnitPrice');
    const price = readPrice(priceText, decimal, { scale: SCALE, currency });
    if (typeof price === 'string') return price;
    if (Math.abs(price * quantity) > MAX_LINE_AMOUNT)
      return `Quantity × UnitPrice (${quantityText} × ${priceText}) is too large`;
    const customer = id('CustomerID');
    if (customer !== '' && !CUSTOMER.test(customer)) return `CustomerID ${quoted(customer)} is not a number`;
    const country = text('Country');
    if (country.length === 0 || country.length > 80) return `Country ${quoted(country)} is not a name`;
    const fate = fateOf(invoice, quantity, price);
    if (!fate)
      return `quantity ${quantityText} at price ${priceText} fits no kind of row of invoice ${invoice}`;
    const customerId = customer === '' ? null : customer;
    const description = text('Description').replaceAll(/\s+/g, ' ');
    return { line, fate, invoice, sku, description, quantity, time, price, customerId, country };
  };
}

/** The fields that tell a file's form, of a record whose columns fit. */
export function tellingFields(
  { fields }: RawRecord,
  { columns, width }: Pick<FileForm, 'columns' | 'width'>,
): { readonly date: string; readonly numbers: readonly string[] } | null {
  if (!fields || fields.length < width) return null;
  const text = (column: Column) => fieldOf(fields[columns[column]]!);
  return { date: text('InvoiceDate'), numbers: [text('UnitPrice'), text('Quantity')] };
}

/** Whether a line holds nothing, apart from what separates fields. */
export function isBlank({ fields }: RawRecord): boolean {
  return fields?.every((field) => field.trim() === '') ?? false;
}

function notATime(text: string): string {
  const name: Column = 'InvoiceDate';
  if (/^\d{5}(?:[.,]\d+)?$/.test(text))
    return `${name} ${quoted(text)} is a spreadsheet's number of a day: format the column as 2011-04-03 10:00:00 and export it again`;
  return `${name} ${quoted(text)} is not a date and time since 2000, such as 2011-04-03 10:00:00`;
}

/** The fate of a readable row by the definitions of the data set; null when none of them fits. */
function fateOf(invoice: string, quantity: number, price: number): RowFate | null {
  if (invoice.startsWith('C')) return quantity < 0 && price >= 0 ? 'return_line' : null;
  if (price < 0) return 'adjustment';
  if (price === 0) return 'stock_movement';
  return quantity > 0 ? 'order_line' : null;
}
