/** The columns that are read, by the names that the data set's first edition gives them. */
export const COLUMNS = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
] as const;
/** A column that is read. */
export type Column = (typeof COLUMNS)[number];

/** What separates the fields of a row. */
export const DELIMITERS = [',', ';', '\t', '|'] as const;
/** What separates the fields of a row. */
export type Delimiter = (typeof DELIMITERS)[number];

/** In what order a date such as 03/04/2011 or 11-04-03 tells day (d), month (m) and year (y). */
export const DATE_ORDERS = ['dmy', 'mdy', 'ymd'] as const;
/** In what order a date of numbers tells day, month and year. */
export type DateOrder = (typeof DATE_ORDERS)[number];

/** What stands before the decimals of a number. */
export const DECIMAL_MARKS = ['.', ','] as const;
/** What stands before the decimals of a number. */
export type DecimalMark = (typeof DECIMAL_MARKS)[number];

/** What the user says of a file's form; whatever is not said is told from the file itself. */
export interface FormOptions {
  /** A label of the WHATWG Encoding Standard, such as `utf-8`, `utf-16le` or `windows-1252`. */
  readonly encoding?: string;
  readonly delimiter?: Delimiter;
  readonly dateOrder?: DateOrder;
  readonly decimal?: DecimalMark;
  /** The file's own names of columns. */
  readonly map?: Readonly<Partial<Record<Column, string>>>;
}

/** How a file's bytes are text. */
export interface TextForm {
  /** A label of the Encoding Standard; null: UTF-8, and Windows-1252 for each line that is not valid UTF-8. */
  readonly encoding: string | null;
  readonly lineEnd: '\n' | '\r';
}

/** How a file's lines are rows. */
export interface TableForm {
  readonly delimiter: Delimiter;
  /** Number of the line that holds the names of the columns; the first line is 1. */
  readonly headerLine: number;
  /** Where each column stands; 0 is the first. */
  readonly columns: Readonly<Record<Column, number>>;
  /** Columns in the header, those included that are not read. */
  readonly width: number;
  /** Names of the columns that are not read, as the file has them. */
  readonly unread: readonly string[];
}

/** How a file is read. */
export interface FileForm extends TextForm, TableForm {
  /** Null: no date of the file needs to know it. */
  readonly dateOrder: DateOrder | null;
  readonly decimal: DecimalMark;
}

const DELIMITER_NAMES: Readonly<Record<Delimiter, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'bars',
};
const DATE_ORDER_NAMES: Readonly<Record<DateOrder, string>> = {
  dmy: 'day first',
  mdy: 'month first',
  ymd: 'year first',
};

/** A form in words, for people: what was told from the file can be checked. */
export function describeForm(form: FileForm): string {
  const { encoding, delimiter, dateOrder, decimal, unread } = form;
  const named = unread.filter((name) => name.trim() !== '');
  return [
    encoding ?? 'UTF-8 or Windows-1252',
    `fields between ${DELIMITER_NAMES[delimiter]}`,
    ...(dateOrder === null ? [] : [`dates ${DATE_ORDER_NAMES[dateOrder]} (${dateOrder})`]),
    `decimals after "${decimal}"`,
    ...(named.length === 0 ? [] : [`columns not read: ${named.join(', ')}`]),
  ].join(' · ');
}
