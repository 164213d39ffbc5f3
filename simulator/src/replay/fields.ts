import { parse } from 'csv-parse/sync';
import { SimulatorError } from '../errors.ts';

/** The columns of the data set, by the names in its first line. */
const COLUMNS = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
] as const;

/**
 * The fields of one line, or null when its quotes don't fit. A row is one line in both published forms; holding
 * to that keeps a stray quote from swallowing the rows after it, and lines without quotes need no parser.
 */
export function splitFields(line: string): string[] | null {
  if (!line.includes('"')) return line.split(',');
  try {
    return (parse(line) as string[][])[0] ?? null;
  } catch {
    return null;
  }
}

/**
 * Checks the first line.
 * @throws {SimulatorError} `wrong-header` that names what was found and what is needed.
 */
export function checkHeader(line: string, path: string): void {
  const found = splitFields(line.replace(/^\uFEFF/, '')) ?? [];
  if (found.join() === COLUMNS.join()) return;
  // It may be no text at all, and a terminal obeys some of what it is shown.
  const readable = line.slice(0, 120).replaceAll(/\p{C}|\uFFFD/gu, '·');
  const shown = line.length > 120 ? `${readable}…` : readable;
  throw new SimulatorError(
    'wrong-header',
    `${path} does not begin with the header of UCI Online Retail.\n  found:  ${shown}\n  needed: ${COLUMNS.join(',')}`,
  );
}

/** How many fields a row has. */
export const FIELD_COUNT: number = COLUMNS.length;
