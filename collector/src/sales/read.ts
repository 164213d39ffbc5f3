import { type Shop, zoneCalendar } from '@storepulse/contracts';
import { createFormEvidence } from '@storepulse/contracts/sales/evidence';
import type { FileForm, FormOptions } from '@storepulse/contracts/sales/form';
import type { RawRecord } from '@storepulse/contracts/sales/records';
import { createRowReader, type Row, type RowFault } from '@storepulse/contracts/sales/row';
import type { SalesForm } from '../body/media.ts';
import { CollectorError } from '../errors.ts';
import { readCsv } from './read-csv.ts';
import { readJson } from './read-json.ts';

/** How sales are to be read. */
export interface ReadingOptions {
  readonly form: SalesForm;
  /** What their sender says of their form. */
  readonly options: FormOptions;
  /** The shop that they are of: prices are in its currency, times without an offset in its zone. */
  readonly shop: Shop;
  /** Epoch ms. */
  readonly now: number;
  /** Rows that there may be. */
  readonly mostRows: number;
}

/** One row of sales, or why it is none. `line`: its number, as its sender counts. */
export type Sale = Row | (RowFault & { readonly line: number });

/** Records and where their columns stand, before their fields are read. */
export interface SalesTable extends Pick<FileForm, 'columns' | 'width'> {
  readonly records: readonly (RawRecord | (RowFault & { readonly line: number }))[];
}

/**
 * The rows of a body, in its order. What the whole body leaves open, such as whether 03/04/2026 is in March, is asked
 * for, and never guessed.
 * @throws {CollectorError} when nothing of it can be read, it has more rows than is allowed, or it can be read in two ways
 */
export function readSales(body: Buffer, reading: ReadingOptions): readonly Sale[] {
  const { form, options, shop, now, mostRows } = reading;
  const table =
    form === 'csv' ? readCsv(body, options, mostRows) : readJson(body, form, options.map ?? {}, mostRows);
  if (table.records.length === 0) throw new CollectorError('nothing_sent', 'send at least one row');
  const evidence = createFormEvidence(table, now);
  for (const record of table.records) if ('fields' in record) evidence.add(record);
  // The numbers of JSON have a point.
  const values = evidence.settle(form === 'csv' ? options : { ...options, decimal: '.' });
  if (!('decimal' in values)) throw unclear(values);
  const readRow = createRowReader(
    { ...table, ...values },
    { calendar: zoneCalendar(shop.timeZone), currency: shop.currency, scale: shop.scale },
  );
  return table.records.map((record) => {
    if (!('fields' in record)) return record;
    const row = readRow(record);
    return 'message' in row ? { ...row, line: record.line } : row;
  });
}

function unclear({ dates, numbers }: { readonly dates?: string; readonly numbers?: string }): CollectorError {
  return new CollectorError(
    'unclear_form',
    [
      'nothing was stored',
      ...(dates === undefined ? [] : [`${dates}: say which with ?dateOrder=dmy, mdy or ymd`]),
      ...(numbers === undefined ? [] : [`${numbers}: say which with ?decimal=. or ?decimal=,`]),
    ].join('; '),
  );
}
