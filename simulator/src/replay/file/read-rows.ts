import type { TableForm, TextForm } from '@storepulse/contracts/sales/form';
import { createRecordReader, type RawRecord } from '@storepulse/contracts/sales/records';
import {
  createRowReader,
  explainFault,
  isBlank,
  type Row,
  type RowFault,
  type RowTerms,
} from '@storepulse/contracts/sales/row';
import { readLines } from './lines.ts';
import type { ReplayFile } from './replay-file.ts';

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
 * @throws {SimulatorError} `file-unreadable`, `file-damaged` or `wrong-form`
 */
export async function* readRows({ path, form }: ReplayFile, terms: RowTerms): AsyncGenerator<RowGroup> {
  const readRow = createRowReader(form, terms);
  for await (const records of readRecords(path, form)) {
    const rows: Row[] = [];
    const rejected: Rejection[] = [];
    for (const record of records) {
      const row = readRow(record);
      if ('message' in row) rejected.push({ path, line: record.line, reason: reasonOf(row) });
      else rows.push(row);
    }
    yield { rows, rejected };
  }
}

const ADVICE = { currency: ': say what the file is in, --currency', decimal: ' (--decimal)' } as const;

function reasonOf(fault: RowFault): string {
  const { settledBy } = fault;
  return `${explainFault(fault)}${settledBy === undefined ? '' : ADVICE[settledBy]}`;
}
