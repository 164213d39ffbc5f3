import { MAX_AMOUNT } from '../events/envelope.ts';
import { EARLIEST_EVENT_TIME, type ZoneCalendar } from '../time.ts';
import { createTimeReader } from './dates.ts';
import type { Column, FileForm } from './form.ts';
import { fieldOf, idOf, type PriceFault, type PriceMoney, quoted, readPrice, readWhole } from './numbers.ts';
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
  /** Signed price of one piece, in 10^-scale units. */
  readonly price: number;
  readonly customerId: string | null;
  readonly country: string;
}

/** Why a record is no row. */
export interface RowFault {
  /** The column that is at fault; null: the record as a whole. */
  readonly column: Column | null;
  /** What the column says; absent: it is not to blame by itself. It may be personal. */
  readonly value?: string;
  /** What is wrong with it, without its value. */
  readonly message: string;
  /** What would make it right when it is said of the file. */
  readonly settledBy?: PriceFault['settledBy'];
  /** The invoice that it is a row of, as far as that could be read. */
  readonly invoice?: string;
}

/** A thousand million: sums of a few thousand such lines are still exact. */
const MAX_LINE = 10 ** 9;
const MAX_QUANTITY = 10_000_000;
const ID = /^[^|\p{Cc}]{1,128}$/u;
const CUSTOMER = /^\d{1,15}$/;
/** What a spreadsheet makes of a long number; several of them are the same then. */
const SHORTENED = /^\d(?:[.,]\d+)?E\+?\d+$/i;

/** Reads one record as a row. */
export type RowReader = (record: Pick<RawRecord, 'fields' | 'line'>) => Row | RowFault;

/** By what rows are read. */
export interface RowTerms extends PriceMoney {
  /** The shop's. */
  readonly calendar: ZoneCalendar;
}

/** Makes a reader of rows for files of that form. */
export function createRowReader(
  form: Pick<FileForm, 'columns' | 'width' | 'decimal' | 'dateOrder'>,
  { calendar, ...money }: RowTerms,
): RowReader {
  const readTime = createTimeReader(calendar, form.dateOrder);
  const { columns, width, decimal } = form;
  const mostOfLine = Math.min(MAX_LINE * 10 ** money.scale, MAX_AMOUNT);
  return ({ line, fields }) => {
    if (!fields) return { column: null, message: 'quotes do not fit' };
    const extra = fields.slice(width).some((field) => field.trim() !== '');
    if (fields.length < width || extra)
      return { column: null, message: `${fields.length} columns instead of ${width}` };
    const text = (column: Column) => fieldOf(fields[columns[column]]!);
    const id = (column: 'InvoiceNo' | 'StockCode' | 'CustomerID') => idOf(fields[columns[column]]!);
    const invoice = id('InvoiceNo').replace(/^c(?=\d)/, 'C');
    if (SHORTENED.test(invoice)) {
      const message = 'was shortened by a spreadsheet: export the column as text';
      return { column: 'InvoiceNo', value: invoice, message };
    }
    if (!ID.test(invoice)) return { column: 'InvoiceNo', value: invoice, message: 'is not an id' };
    const fault = (column: Column, value: string, why: string | PriceFault): RowFault => ({
      ...{ column, value, invoice },
      ...(typeof why === 'string' ? { message: why } : why),
    });
    const sku = id('StockCode');
    if (!ID.test(sku)) return fault('StockCode', sku, 'is not an id');
    const quantityText = text('Quantity');
    const quantity = readWhole(quantityText, decimal) ?? Number.NaN;
    if (!(Math.abs(quantity) <= MAX_QUANTITY))
      return fault('Quantity', quantityText, 'is not a usable whole number');
    const timeText = text('InvoiceDate');
    const time = readTime(timeText);
    if (time === null || time < EARLIEST_EVENT_TIME)
      return fault('InvoiceDate', timeText, notATime(timeText));
    const priceText = text('UnitPrice');
    const price = readPrice(priceText, decimal, money);
    if (typeof price === 'object') return fault('UnitPrice', priceText, price);
    if (Math.abs(price * quantity) > mostOfLine)
      return fault('UnitPrice', priceText, `is too large with a Quantity of ${quantity}`);
    const customer = id('CustomerID');
    if (customer !== '' && !CUSTOMER.test(customer)) return fault('CustomerID', customer, 'is not a number');
    const country = text('Country');
    if (country.length === 0 || country.length > 80) return fault('Country', country, 'is not a name');
    const fate = fateOf(invoice, quantity, price);
    if (!fate) {
      const message = `a Quantity of ${quantity} at such a UnitPrice fits no kind of row of such an InvoiceNo`;
      return { column: null, message, invoice };
    }
    const customerId = customer === '' ? null : customer;
    const description = text('Description').replaceAll(/\s+/g, ' ');
    return { line, fate, invoice, sku, description, quantity, time, price, customerId, country };
  };
}

/** A fault in words, with the value: for who has the file. */
export function explainFault({ column, value, message }: RowFault): string {
  return [column, value === undefined ? null : quoted(value), message]
    .filter((part) => part !== null)
    .join(' ');
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
  return /^\d{5}(?:[.,]\d+)?$/.test(text)
    ? "is a spreadsheet's number of a day: format the column as 2011-04-03 10:00:00 and export it again"
    : 'is not a date and time since 2000, such as 2011-04-03 10:00:00';
}

/** The fate of a readable row by the definitions of the data set; null when none of them fits. */
function fateOf(invoice: string, quantity: number, price: number): RowFate | null {
  if (invoice.startsWith('C')) return quantity < 0 && price >= 0 ? 'return_line' : null;
  if (price < 0) return 'adjustment';
  if (price === 0) return 'stock_movement';
  return quantity > 0 ? 'order_line' : null;
}
