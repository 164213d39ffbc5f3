import type { ZoneCalendar } from '@storepulse/contracts';
import type { ReplayFile, TableForm, TextForm } from './form.ts';
import { readLines } from './lines.ts';
import { createRecordReader, type RawRecord } from './records.ts';
import { createRowReader, isBlank, type Row } from './row.ts';

/** A line that is no row, and why. */
export interface Rejection {
  readonly path: string;
  /** The first line is 1. */
  readonly line: number;
  readonly reason: string;
}

/** Some lines' worth of the file. */
export interface RowGroup {
  readonly rows: readonly Row[];
  readonly rejected: readonly Rejection[];
}

/**
 * The records behind a file's header, in order, in groups; empty lines are no records.
 * @throws {SimulatorError} `file-unreadable`, `file-damaged` or `wrong-form`
 */
export async function* readRecords(path: string, form: TextForm & TableForm): AsyncGenerator<RawRecord[]> {
  const records = createRecordReader(form);
  const there = (record: RawRecord) => !isBlank(record);
  let number = 0;
  for await (const lines of readLines(path, form)) {
    const group: RawRecord[] = [];
    for (const line of lines) {
      number += 1;
      if (number > form.headerLine) group.push(...records.push(line, number));
    }
    yield group.filter(there);
  }
  yield records.end().filter(there);
}

/**
 * The rows of a file, in order, in groups.
 * @param currency what its prices are in
 * @throws {SimulatorError} `file-unreadable`, `file-damaged` or `wrong-form`
 */
export async function* readRows(
  { path, form }: ReplayFile,
  calendar: ZoneCalendar,
  currency: string,
): AsyncGenerator<RowGroup> {
  const readRow = createRowReader(form, calendar, currency);
  for await (const records of readRecords(path, form)) {
    const rows: Row[] = [];
    const rejected: Rejection[] = [];
    for (const record of records) {
      const row = readRow(record);
      if (typeof row === 'string') rejected.push({ path, line: record.line, reason: row });
      else rows.push(row);
    }
    yield { rows, rejected };
  }
}
