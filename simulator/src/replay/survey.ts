import type { ZoneCalendar } from '@storepulse/contracts';
import { type Rejection, readRows } from './read-rows.ts';
import type { RowFate } from './row.ts';

/** A customer as the whole file shows them. */
export interface SurveyedCustomer {
  firstTime: number;
  lastTime: number;
  country: string;
}

/** A product as the whole file shows it. */
export interface SurveyedProduct {
  name: string;
  /** Last price above zero, in thousandths; 0 when there was none. */
  price: number;
  /** When that was, epoch ms. */
  time: number;
}

/** What a first reading of the file tells. */
export interface Survey {
  /** Rows by what becomes of them. */
  readonly fates: Readonly<Record<RowFate, number>>;
  /** How many lines are no rows, and the first of them. */
  readonly rejectedCount: number;
  readonly rejected: readonly Rejection[];
  /** Rows to take per invoice: it is complete when as many have been seen, wherever they stand. */
  readonly invoiceRows: ReadonlyMap<string, number>;
  readonly customers: ReadonlyMap<string, SurveyedCustomer>;
  readonly products: ReadonlyMap<string, SurveyedProduct>;
  /** Earliest row, epoch ms; null when no row is readable. */
  readonly firstTime: number | null;
}

/** So that the report of a hopeless file stays readable; the count is always whole. */
const MAX_REPORTED = 20;
/** What one event may hold; the largest real invoice has 1,114 rows. */
const MAX_INVOICE_ROWS = 5_000;

/**
 * Reads the file once to learn what can't be known along the way: which rows belong together, the products' last
 * prices, and what is unreadable. So nothing is sent of a file that is damaged or another one altogether, and the
 * second reading needs no more memory than the invoices that are open.
 */
export async function surveyFile(path: string, calendar: ZoneCalendar): Promise<Survey> {
  const fates: Record<RowFate, number> = { order_line: 0, return_line: 0, adjustment: 0, stock_movement: 0 };
  const rejected: Rejection[] = [];
  let rejectedCount = 0;
  const invoiceRows = new Map<string, number>();
  const customers = new Map<string, SurveyedCustomer>();
  const products = new Map<string, SurveyedProduct>();
  let firstTime = Number.POSITIVE_INFINITY;

  const reject = (rejection: Rejection) => {
    rejectedCount += 1;
    if (rejected.length < MAX_REPORTED) rejected.push(rejection);
  };

  for await (const group of readRows(path, calendar)) {
    group.rejected.forEach(reject);
    for (const { line, fate, invoice, sku, description, price, time, customerId, country } of group.rows) {
      const rowsBefore = invoiceRows.get(invoice) ?? 0;
      if (rowsBefore === MAX_INVOICE_ROWS) {
        reject({ line, reason: `invoice ${invoice} has more than ${MAX_INVOICE_ROWS} rows` });
        continue;
      }
      fates[fate] += 1;
      invoiceRows.set(invoice, rowsBefore + 1);
      firstTime = Math.min(firstTime, time);
      if (customerId !== null) {
        const known = customers.get(customerId);
        if (!known) customers.set(customerId, { firstTime: time, lastTime: time, country });
        else if (time >= known.lastTime) Object.assign(known, { lastTime: time, country });
      }
      const product = products.get(sku);
      const name = description.slice(0, 200);
      if (!product) products.set(sku, { name, price: Math.max(price, 0), time });
      else if (price > 0 && (product.price === 0 || time >= product.time)) {
        Object.assign(product, { name: name || product.name, price, time });
      }
    }
  }
  return {
    fates,
    rejectedCount,
    rejected,
    invoiceRows,
    customers,
    products,
    firstTime: Number.isFinite(firstTime) ? firstTime : null,
  };
}
