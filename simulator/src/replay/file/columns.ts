import { SimulatorError } from '../../errors.ts';
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

/**
 * Reads the line that names the columns: in any case and order, with spaces, quotes or columns of other names.
 * @throws {SimulatorError} `wrong-header` that names what was found, what is missing, and how to say which it is
 */
export function readHeader(
  text: string,
  line: number,
  path: string,
  options: Pick<FormOptions, 'delimiter' | 'map'>,
): TableForm {
  const candidates = options.delimiter === undefined ? DELIMITERS : [options.delimiter];
  const [best] = candidates
    .map((delimiter) => match(text, delimiter, options.map ?? {}))
    .sort((a, b) => b.found.size - a.found.size);
  const { delimiter, names, found, twice } = best!;
  const missing = COLUMNS.filter((column) => !found.has(column));
  if (missing.length > 0 || twice.length > 0) {
    throw wrongHeader(path, text, { missing, twice, map: options.map ?? {} });
  }
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

interface Match {
  readonly delimiter: Delimiter;
  readonly names: readonly string[];
  readonly found: ReadonlyMap<Column, number>;
  /** Columns of which there are two. */
  readonly twice: readonly Column[];
}

function match(text: string, delimiter: Delimiter, map: NonNullable<FormOptions['map']>): Match {
  const names = splitFields(text, delimiter) ?? [];
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
  return { delimiter, names, found, twice };
}

function wrongHeader(
  path: string,
  text: string,
  fault: {
    readonly missing: readonly Column[];
    readonly twice: readonly Column[];
    readonly map: NonNullable<FormOptions['map']>;
  },
): SimulatorError {
  // It may be no text at all, and a terminal obeys some of what it is shown.
  const readable = text.slice(0, 120).replaceAll(/\p{C}|\uFFFD/gu, '·');
  const shown = text.length > 120 ? `${readable}…` : readable;
  const { missing, twice, map } = fault;
  const asked = missing.map((column) =>
    map[column] === undefined ? column : `${column} (--map: ${map[column]})`,
  );
  return new SimulatorError(
    'wrong-header',
    [
      `${path} does not begin with the header of UCI Online Retail.`,
      `  found:  ${shown}`,
      `  needed: ${COLUMNS.join(',')}`,
      ...(asked.length > 0 ? [`  not found: ${asked.join(', ')}`] : []),
      ...(twice.length > 0 ? [`  there twice: ${twice.join(', ')}`] : []),
      `Say which column is which, once for each (--map ${missing[0] ?? twice[0]}=NAME), or what separates them (--delimiter).`,
    ].join('\n'),
  );
}
