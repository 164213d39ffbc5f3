import {
  COLUMNS,
  type Column,
  DELIMITERS,
  type Delimiter,
  type FormOptions,
  type TableForm,
} from './form.ts';
import { splitFields } from './records.ts';

/** Other names of the columns in what people have: Online Retail II, exports of shops. The first that is there counts. */
const NAMES: Readonly<Record<Column, readonly string[]>> = {
  InvoiceNo: ['invoiceno', 'invoice', 'invoicenumber', 'invoiceid'],
  StockCode: ['stockcode', 'sku', 'productcode', 'itemcode'],
  Description: ['description', 'productdescription', 'itemdescription'],
  Quantity: ['quantity', 'qty'],
  InvoiceDate: ['invoicedate', 'invoicedatetime'],
  UnitPrice: ['unitprice', 'price'],
  CustomerID: ['customerid', 'customer', 'customerno', 'customernumber'],
  Country: ['country'],
};

const plain = (name: string) => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');

/** What is wrong with a line that should name the columns. At least one of the two has a column. */
export interface HeaderFault {
  readonly missing: readonly Column[];
  /** Columns of which there are two. */
  readonly twice: readonly Column[];
}

/** Whether a line may stand before the header: an empty one, or a spreadsheet's `sep=;`. */
export function isBeforeHeader(line: string): boolean {
  return line.trim() === '' || /^"?sep=."?$/i.test(line.trim());
}

/** Reads the line that names the columns: in any case and order, with spaces, quotes or columns of other names. */
export function readHeader(
  text: string,
  line: number,
  { delimiter, map = {} }: Pick<FormOptions, 'delimiter' | 'map'>,
): TableForm | HeaderFault {
  const candidates = delimiter === undefined ? DELIMITERS : [delimiter];
  const [best] = candidates
    .map((each) => ({ delimiter: each, ...matchNames(splitFields(text, each) ?? [], map) }))
    .sort((a, b) => b.found.size - a.found.size);
  return tableOf(best!, best!.delimiter, line);
}

function tableOf(
  { names, found, twice }: NamedColumns,
  delimiter: Delimiter,
  line: number,
): TableForm | HeaderFault {
  const missing = COLUMNS.filter((column) => !found.has(column));
  if (missing.length > 0 || twice.length > 0) return { missing, twice };
  const columns = Object.fromEntries(found) as Record<Column, number>;
  const read = new Set(Object.values(columns));
  return {
    ...{ delimiter, headerLine: line, columns, width: widthOf(names, read) },
    unread: names.filter((_, index) => !read.has(index)),
  };
}

/** A delimiter at the end of the header names no column. */
function widthOf(names: readonly string[], read: ReadonlySet<number>): number {
  let width = names.length;
  while (names[width - 1]!.trim() === '' && !read.has(width - 1)) width -= 1;
  return width;
}

/** Which columns names tell. */
export interface NamedColumns {
  readonly names: readonly string[];
  /** Where each column stands among the names. */
  readonly found: ReadonlyMap<Column, number>;
  /** Columns of which there are two. */
  readonly twice: readonly Column[];
}

/** Tells which columns names are of: in any case, with spaces, among names of other things. */
export function matchNames(names: readonly string[], map: NonNullable<FormOptions['map']>): NamedColumns {
  const plainNames = names.map(plain);
  const found = new Map<Column, number>();
  const twice: Column[] = [];
  for (const column of COLUMNS) {
    const wanted = map[column] === undefined ? NAMES[column] : [plain(map[column])];
    const name = wanted.find((candidate) => plainNames.includes(candidate));
    if (name === undefined) continue;
    found.set(column, plainNames.indexOf(name));
    if (plainNames.indexOf(name) !== plainNames.lastIndexOf(name)) twice.push(column);
  }
  return { names, found, twice };
}
