import { matchNames } from '@storepulse/contracts/sales/columns';
import { COLUMNS, type Column, type FormOptions } from '@storepulse/contracts/sales/form';
import type { RowFault } from '@storepulse/contracts/sales/row';
import type { SalesForm } from '../body/media.ts';
import { valuesOf } from '../body/values.ts';
import { CollectorError } from '../errors.ts';
import type { SalesTable } from './read.ts';
import { wrongColumns } from './read-csv.ts';
import { tooManyRows } from './too-many-rows.ts';

/** Columns that sales in JSON may leave out. */
const OMISSIBLE: ReadonlySet<Column> = new Set(['Description', 'CustomerID']);

/**
 * The records of sales in JSON: one object for each row, in an array or one in each line. A row's number is its place,
 * from 1; of lines it is that of the line. A price may be a text or a number, a time a text or epoch ms.
 * @throws {CollectorError} `invalid_json`, `too_deep`, `wrong_columns`, `too_many_items`
 */
export function readJson(
  body: Buffer,
  form: Exclude<SalesForm, 'csv'>,
  map: NonNullable<FormOptions['map']>,
  mostRows: number,
): SalesTable {
  const values = valuesOf(body, form, { most: mostRows, tooMany: tooManyRows });
  if (values.length === 0) throw new CollectorError('nothing_sent', 'send at least one row');
  const names = new Set<string>();
  for (const { value } of values) if (isObject(value)) for (const name of Object.keys(value)) names.add(name);
  const { names: all, found, twice } = matchNames([...names], map);
  const missing = COLUMNS.filter((column) => !found.has(column) && !OMISSIBLE.has(column));
  if (missing.length + twice.length > 0) throw wrongColumns({ missing, twice });
  return {
    columns: Object.fromEntries(COLUMNS.map((column, index) => [column, index])) as Record<Column, number>,
    width: COLUMNS.length,
    records: values.map(({ value, number }) => {
      const fault = (column: Column | null, message: string): RowFault & { line: number } => ({
        ...{ line: number, column, message },
      });
      if (!isObject(value)) return fault(null, 'must be a JSON object');
      const fields: string[] = [];
      for (const column of COLUMNS) {
        const at = found.get(column);
        const text = at === undefined ? '' : textOf(column, value[all[at]!]);
        if (text === undefined) return fault(column, 'must be a text or a number');
        fields.push(text);
      }
      return { line: number, fields };
    }),
  };
}

function textOf(column: Column, value: unknown): string | undefined {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') return undefined;
  if (column !== 'InvoiceDate') return String(value);
  const time = new Date(value);
  return Number.isNaN(time.getTime()) ? String(value) : time.toISOString();
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
