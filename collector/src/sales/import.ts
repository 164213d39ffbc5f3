import { type InvoiceEvent, invoiceEvents, type Target } from '@storepulse/contracts/sales/invoice';
import type { Row } from '@storepulse/contracts/sales/row';
import { type IngestDeps, ingest } from '../ingest.ts';
import type { ItemResult, RowResult } from '../results.ts';
import type { Sale } from './read.ts';

/** What became of sales: of their rows, in their order, and of the events that were made of them. */
export interface ImportResult {
  readonly rows: readonly RowResult[];
  readonly events: readonly ItemResult[];
}

/**
 * Makes events of rows as the replay of a file does, and stores them. An invoice is stored as a whole: of one that has a
 * row that is wrong nothing is, since what is mended later could not be added to an order that is counted.
 */
export async function importSales(
  sales: readonly Sale[],
  target: Target,
  deps: IngestDeps,
): Promise<ImportResult> {
  /** The first row of each invoice that is wrong. */
  const broken = new Map<string, number>();
  for (const sale of sales) {
    if ('message' in sale && sale.invoice !== undefined && !broken.has(sale.invoice))
      broken.set(sale.invoice, sale.line);
  }
  const rows = sales.filter((sale): sale is Row => 'fate' in sale);
  const whole = rows.filter(({ invoice }) => !broken.has(invoice));
  const events = [...Map.groupBy(whole, ({ invoice }) => invoice).values()].flatMap((ofInvoice) =>
    invoiceEvents(target, { head: ofInvoice[0]!, rows: ofInvoice, removed: [] }),
  );
  const results =
    events.length === 0
      ? []
      : await ingest(
          events.map(({ event }) => ({ value: event })),
          deps,
        );
  const resultOf = new Map<Row, RowResult>();
  events.forEach((event, index) => {
    for (const row of event.rows) resultOf.set(row, resultOfRow(row, event, results[index]!));
  });
  return {
    events: results,
    rows: sales.map((sale) => {
      if ('message' in sale) return unreadable(sale);
      return resultOf.get(sale) ?? incomplete(sale, broken.get(sale.invoice)!);
    }),
  };
}

function unreadable({ line, column, message, settledBy }: Extract<Sale, { message: string }>): RowResult {
  const advice = { currency: ', which the amounts of the shop are in', decimal: ': see ?decimal=' } as const;
  return {
    ...{ row: line, status: 'rejected', code: 'unreadable-row' },
    path: column === null ? '' : `/${column}`,
    message: `${message}${settledBy === undefined ? '' : advice[settledBy]}`,
  };
}

function incomplete({ line }: Row, brokenLine: number): RowResult {
  return {
    ...{ row: line, status: 'rejected', code: 'incomplete-invoice', path: '/InvoiceNo' },
    message: `row ${brokenLine} is of the same invoice, and is wrong: mend it, and send all rows of the invoice again`,
  };
}

/** A row has the end of the event that was made of it; a fault is told with the column that it comes from. */
function resultOfRow({ line: row }: Row, { event }: InvoiceEvent, result: ItemResult): RowResult {
  const { index: _, ...rest } = result;
  if (!('code' in rest)) return { row, ...rest };
  if (rest.path === '/eventTime') return { row, ...rest, path: '/InvoiceDate' };
  const where = rest.path === '' ? '' : `, at ${rest.path}`;
  return { row, ...rest, path: '', message: `the ${event.type} of its invoice${where}: ${rest.message}` };
}
