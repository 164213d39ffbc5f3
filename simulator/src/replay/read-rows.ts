import type { ZoneCalendar } from '@storepulse/contracts';
import { SimulatorError } from '../errors.ts';
import { checkHeader } from './fields.ts';
import { readLines } from './lines.ts';
import { type Row, readRow } from './row.ts';
import { createWallTimeReader } from './wall-time.ts';

/** A line that is no row, and why. Line 1 is the header. */
export interface Rejection {
  readonly line: number;
  readonly reason: string;
}

/** Some lines' worth of the file. */
export interface RowGroup {
  readonly rows: readonly Row[];
  readonly rejected: readonly Rejection[];
}

/**
 * The rows of a file, in order, in groups; empty lines are no rows.
 * @throws {SimulatorError} `file-unreadable`, `file-damaged` or `wrong-header`.
 */
export async function* readRows(path: string, calendar: ZoneCalendar): AsyncGenerator<RowGroup> {
  const readTime = createWallTimeReader(calendar);
  let number = 0;
  for await (const lines of readLines(path)) {
    const rows: Row[] = [];
    const rejected: Rejection[] = [];
    for (const line of lines) {
      number += 1;
      if (number === 1) {
        checkHeader(line, path);
        continue;
      }
      if (line === '') continue;
      const row = readRow(line, number, readTime);
      if (typeof row === 'string') rejected.push({ line: number, reason: row });
      else rows.push(row);
    }
    yield { rows, rejected };
  }
  if (number === 0) throw new SimulatorError('wrong-header', `${path} is empty.`);
}
