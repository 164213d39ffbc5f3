import type { Row, RowFate, RowTerms } from '@storepulse/contracts/sales/row';
import { compareRows, contentOf } from './compare-rows.ts';
import { type Rejection, readRows } from './file/read-rows.ts';
import type { ReplayFile } from './file/replay-file.ts';
import type { Span } from './span.ts';

/** A customer as the files show them. */
export interface SurveyedCustomer {
  firstTime: number;
  lastTime: number;
  country: string;
}

/** A product as the files show it. */
export interface SurveyedProduct {
  name: string;
  /** Last price above zero, in thousandths; 0 when there was none. */
  price: number;
  /** When that was, epoch ms. */
  time: number;
}

/** What a first reading of the files tells. */
export interface Survey {
  /** Rows by what becomes of them. */
  readonly fates: Readonly<Record<RowFate, number>>;
  /** Rows that another of the files tells as well. */
  readonly repeatedCount: number;
  /** Rows of invoices of another time than the one that is meant. */
  readonly outsideCount: number;
  /** How many lines are no rows, and the first of them. */
  readonly rejectedCount: number;
  readonly rejected: readonly Rejection[];
  /** Rows to take per invoice that stands in one file: it is complete when as many have been seen. */
  readonly invoiceRows: ReadonlyMap<string, number>;
  /** The rows of each invoice that stands in several files, and of it each row once. */
  readonly sharedInvoices: ReadonlyMap<string, readonly Row[]>;
  readonly customers: ReadonlyMap<string, SurveyedCustomer>;
  readonly products: ReadonlyMap<string, SurveyedProduct>;
  /** Earliest row that is meant, epoch ms; null when there is none. */
  readonly firstTime: number | null;
}

/** So that the report of a hopeless file stays readable; the count is always whole. */
const MAX_REPORTED = 20;
/** What one event may hold; the largest real invoice has 1,114 rows. */
const MAX_INVOICE_ROWS = 5_000;

/** How to read the files' rows. */
export interface ReadingOptions {
  /** By what rows are read. */
  readonly terms: RowTerms;
  /** The invoices of this time are meant. */
  readonly span: Span;
}

/**
 * Reads the files once to learn what can't be known along the way: which rows belong together, the products' last
 * prices, and what is unreadable. So nothing is sent of a file that is damaged or another one altogether, and the
 * second reading needs no more memory than the invoices that are open and those that stand in several files.
 */
export async function surveyFiles(files: readonly ReplayFile[], reading: ReadingOptions): Promise<Survey> {
  const { terms, span } = reading;
  const shared = files.length > 1 ? await findShared(files, reading) : new Set<string>();
  const fates: Record<RowFate, number> = { order_line: 0, return_line: 0, adjustment: 0, stock_movement: 0 };
  const rejected: Rejection[] = [];
  let rejectedCount = 0;
  let repeatedCount = 0;
  let outsideCount = 0;
  const invoiceRows = new Map<string, number>();
  const outside = new Set<string>();
  const sharedRows = new Map<string, Map<string, Row[]>>();
  const customers = new Map<string, SurveyedCustomer>();
  const products = new Map<string, SurveyedProduct>();
  let firstTime = Number.POSITIVE_INFINITY;

  const reject = (rejection: Rejection) => {
    rejectedCount += 1;
    if (rejected.length < MAX_REPORTED) rejected.push(rejection);
  };
  const take = ({ fate, time }: Row) => {
    fates[fate] += 1;
    firstTime = Math.min(firstTime, time);
  };
  const takeState = ({ sku, description, price, time, customerId, country }: Row) => {
    if (customerId !== null) {
      const known = customers.get(customerId);
      if (!known) customers.set(customerId, { firstTime: time, lastTime: time, country });
      else {
        known.firstTime = Math.min(known.firstTime, time);
        if (time >= known.lastTime) Object.assign(known, { lastTime: time, country });
      }
    }
    const product = products.get(sku);
    const name = description.slice(0, 200);
    if (!product) products.set(sku, { name, price: Math.max(price, 0), time });
    else if (price > 0 && (product.price === 0 || time >= product.time)) {
      Object.assign(product, { name: name || product.name, price, time });
    }
  };

  for (const file of files) {
    const { path } = file;
    for await (const group of readRows(file, terms)) {
      group.rejected.forEach(reject);
      for (const row of group.rows) {
        const { line, invoice } = row;
        takeState(row);
        const rowsBefore = shared.has(invoice)
          ? (sharedRows.get(invoice)?.get(path)?.length ?? 0)
          : (invoiceRows.get(invoice) ?? 0);
        if (rowsBefore === MAX_INVOICE_ROWS) {
          reject({ path, line, reason: `invoice ${invoice} has more than ${MAX_INVOICE_ROWS} rows` });
        } else if (shared.has(invoice)) {
          const byPath = sharedRows.get(invoice) ?? new Map<string, Row[]>();
          sharedRows.set(invoice, byPath.set(path, [...(byPath.get(path) ?? []), row]));
        } else if (outside.has(invoice) || (rowsBefore === 0 && !isWithin(row, span))) {
          // An invoice is of the time of its first row, and is sent whole or not at all.
          outside.add(invoice);
          outsideCount += 1;
        } else {
          invoiceRows.set(invoice, rowsBefore + 1);
          take(row);
        }
      }
    }
  }

  const sharedInvoices = new Map<string, readonly Row[]>();
  for (const [invoice, byPath] of sharedRows) {
    const joined = joinFiles(invoice, byPath);
    if ('rejected' in joined) joined.rejected.forEach(reject);
    else if (!isWithin(joined.rows[0]!, span)) outsideCount += joined.rows.length + joined.repeated;
    else {
      sharedInvoices.set(invoice, joined.rows);
      joined.rows.forEach(take);
      repeatedCount += joined.repeated;
    }
  }
  return {
    ...{
      fates,
      repeatedCount,
      outsideCount,
      rejectedCount,
      rejected,
      invoiceRows,
      sharedInvoices,
      customers,
      products,
    },
    firstTime: Number.isFinite(firstTime) ? firstTime : null,
  };
}

const isWithin = ({ time }: Row, { from, to }: Span) => time >= from && time < to;

/** Invoices that stand in more than one of the files. */
async function findShared(
  files: readonly ReplayFile[],
  { terms }: Pick<ReadingOptions, 'terms'>,
): Promise<Set<string>> {
  const shared = new Set<string>();
  const fileOf = new Map<string, string>();
  for (const file of files) {
    for await (const { rows } of readRows(file, terms)) {
      for (const { invoice } of rows) {
        const first = fileOf.get(invoice);
        if (first === undefined) fileOf.set(invoice, file.path);
        else if (first !== file.path) shared.add(invoice);
      }
    }
  }
  return shared;
}

type Joined =
  | { readonly rows: readonly Row[]; readonly repeated: number }
  | { readonly rejected: readonly Rejection[] };

/** Puts the rows together that several files have of one invoice: parts are joined, and copies are one. */
function joinFiles(invoice: string, byPath: ReadonlyMap<string, readonly Row[]>): Joined {
  const rows: Row[] = [];
  let repeated = 0;
  for (const [path, ofFile] of byPath) {
    const comparison = compareRows(rows.map(contentOf), ofFile);
    const unclear =
      comparison.kind === 'unclear'
        ? `${path} tells the product ${comparison.sku} in another way than the files before`
        : rows.length + comparison.rows.length > MAX_INVOICE_ROWS
          ? `the files together have more than ${MAX_INVOICE_ROWS} rows of it`
          : undefined;
    if (comparison.kind === 'unclear' || unclear !== undefined) {
      const reason = `invoice ${invoice} stands in several files, and ${unclear}: keep its right rows in one file`;
      return {
        rejected: [...byPath].flatMap(([path, all]) => all.map(({ line }) => ({ path, line, reason }))),
      };
    }
    rows.push(...comparison.rows);
    repeated += comparison.known;
  }
  return { rows, repeated };
}
