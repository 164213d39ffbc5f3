import { type HeaderFault, isBeforeHeader, readHeader } from '@storepulse/contracts/sales/columns';
import { COLUMNS, type FormOptions } from '@storepulse/contracts/sales/form';
import { createRecordReader, type RawRecord } from '@storepulse/contracts/sales/records';
import { isBlank } from '@storepulse/contracts/sales/row';
import { createLineSplitter, EncodingError, textFormOf } from '@storepulse/contracts/sales/text';
import { CollectorError } from '../errors.ts';
import type { SalesTable } from './read.ts';
import { tooManyRows } from './too-many-rows.ts';

/** So much of the beginning tells how it is text. */
const START_BYTES = 1 << 18;

/**
 * The records of a CSV file with a header. A record's number is that of its first line, as an editor shows it.
 * @throws {CollectorError} `invalid_csv`, `wrong_columns`, `too_many_items`
 */
export function readCsv(body: Buffer, options: FormOptions, mostRows: number): SalesTable {
  const lines = linesOf(body, options.encoding);
  const at = lines.findIndex((line) => !isBeforeHeader(line));
  if (at < 0) throw new CollectorError('nothing_sent', 'send a line with the names of the columns, and rows');
  const table = readHeader(lines[at]!, at + 1, options);
  if ('missing' in table) throw wrongColumns(table, ', or what separates them: ?delimiter=');
  const reader = createRecordReader(table);
  const records: RawRecord[] = [];
  const take = (read: readonly RawRecord[]) => {
    for (const record of read) if (!isBlank(record)) records.push(record);
    if (records.length > mostRows) throw tooManyRows(mostRows);
  };
  for (let index = at + 1; index < lines.length; index++) take(reader.push(lines[index]!, index + 1));
  take(reader.end());
  return { ...table, records };
}

function linesOf(body: Buffer, encoding: string | undefined): readonly string[] {
  const form = textFormOf(body.subarray(0, START_BYTES), encoding);
  if (form === 'archive') {
    throw new CollectorError(
      'invalid_csv',
      'the body is a ZIP archive or an Excel workbook: save each sheet as CSV and send that',
    );
  }
  const splitter = createLineSplitter(form);
  try {
    return [...splitter.push(body), ...splitter.end()];
  } catch (error) {
    if (!(error instanceof EncodingError)) throw error;
    throw new CollectorError(
      'invalid_csv',
      `${error.message}: say what it is, content-type: text/csv; charset=windows-1252, for instance`,
    );
  }
}

/** Columns that can't be told by their names. */
export function wrongColumns({ missing, twice }: HeaderFault, further = ''): CollectorError {
  return new CollectorError(
    'wrong_columns',
    [
      `the columns ${COLUMNS.join(', ')} are needed`,
      ...(missing.length > 0 ? [`not found: ${missing.join(', ')}`] : []),
      ...(twice.length > 0 ? [`there twice: ${twice.join(', ')}`] : []),
      `say what a column is called, ?${missing[0] ?? twice[0]}=NAME${further}`,
    ].join('; '),
  );
}
