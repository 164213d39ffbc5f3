import type { CountedLine, FactEvent, InvoiceRows } from '@storepulse/contracts/sales/invoice';
import type { Row } from '@storepulse/contracts/sales/row';
import { compareRows, contentOf, lineContent } from './compare-rows.ts';
import { type CountedInvoice, wordsOf } from './counted/counted-invoices.ts';
import { shortKeyOf } from './counted/facts.ts';

/** What is to be sent of an invoice. */
export interface InvoicePlan extends InvoiceRows {
  /** Rows that are counted already. */
  readonly known: number;
}

/**
 * Compares an invoice's rows with what is counted of it.
 * @param rows all its readable rows; at least one
 * @param replace the rows are all of the invoice: lines of its order that are counted beyond them are taken off
 * @returns a text when it can't be told what is meant: why
 */
export function planInvoice(
  rows: readonly Row[],
  counted: CountedInvoice,
  replace: boolean,
): InvoicePlan | string {
  const head = rows[0]!;
  const ordered = rows.filter(({ fate }) => fate === 'order_line');
  const others = rows.filter(({ fate }) => fate !== 'order_line');
  const comparison = compareRows(counted.contents, replace ? others : rows);
  if (comparison.kind === 'unclear') {
    return `invoice ${head.invoice} is counted with other rows of ${comparison.sku}: replay all its rows with --replace, if they are to count instead`;
  }
  if (!replace) return { head, rows: comparison.rows, removed: [], known: comparison.known };
  const left = new Map<string, CountedLine[]>();
  for (const line of counted.orderLines ?? []) {
    const content = lineContent('order_line', line.sku, line.quantity, line.unitPrice);
    left.set(content, [...(left.get(content) ?? []), line]);
  }
  const fresh = ordered.filter((row) => left.get(contentOf(row))?.pop() === undefined);
  return {
    head,
    rows: [...fresh, ...comparison.rows],
    removed: [...left.values()].flat(),
    known: ordered.length - fresh.length + comparison.known,
  };
}

/**
 * Whether an invoice is counted just as telling it for the first time would make it: then telling it again is a
 * duplicate to the processor, and says nothing else.
 * @param events what the first telling makes
 */
export function isCountedAsToldFirst(events: readonly FactEvent[], { facts }: CountedInvoice): boolean {
  return (
    events.length === facts.size && events.every((event) => facts.get(shortKeyOf(event)) === wordsOf(event))
  );
}
