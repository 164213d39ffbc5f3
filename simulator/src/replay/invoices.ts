import type { Row } from '@storepulse/contracts/sales/row';
import { readRows } from './file/read-rows.ts';
import type { ReplayFile } from './file/replay-file.ts';
import type { ReadingOptions, Survey } from './survey.ts';

/**
 * The rows of each invoice, together, in the order in which invoices become complete in their file; of several files,
 * the invoice that comes earliest is next. An invoice that stands in several files comes at its first row.
 */
export async function* invoicesOf(
  files: readonly ReplayFile[],
  reading: ReadingOptions,
  survey: Survey,
): AsyncGenerator<readonly Row[]> {
  const sharedLeft = new Map(survey.sharedInvoices);
  const readers = files.map((file) => ofFile(file, reading, survey, sharedLeft));
  const heads = await Promise.all(readers.map(async (reader) => ({ reader, next: await reader.next() })));
  for (;;) {
    let earliest: { head: (typeof heads)[number]; rows: readonly Row[] } | undefined;
    for (const head of heads) {
      if (head.next.done) continue;
      const rows = head.next.value;
      if (!earliest || rows[0]!.time < earliest.rows[0]!.time) earliest = { head, rows };
    }
    if (!earliest) return;
    yield earliest.rows;
    earliest.head.next = await earliest.head.reader.next();
  }
}

async function* ofFile(
  file: ReplayFile,
  { terms }: Pick<ReadingOptions, 'terms'>,
  survey: Survey,
  sharedLeft: Map<string, readonly Row[]>,
): AsyncGenerator<readonly Row[], void> {
  const open = new Map<string, Row[]>();
  const missing = new Map<string, number>();
  for await (const group of readRows(file, terms)) {
    for (const row of group.rows) {
      const { invoice } = row;
      const shared = sharedLeft.get(invoice);
      if (shared) {
        sharedLeft.delete(invoice);
        yield shared;
      }
      const left = missing.get(invoice) ?? survey.invoiceRows.get(invoice) ?? 0;
      if (left === 0) continue;
      const rows = open.get(invoice) ?? [];
      rows.push(row);
      missing.set(invoice, left - 1);
      if (left > 1) open.set(invoice, rows);
      else {
        open.delete(invoice);
        yield rows;
      }
    }
  }
}
