import { type Match, RECORDS, type RecordKind, type RecordSpec } from '@storepulse/contracts';
import { stringify } from 'csv-stringify/sync';
import type { Steps } from '../work/pacer.ts';
import type { AnsweredRecord } from './present.ts';

/** Rows that are written together. */
const ROWS_PER_STEP = 100;

/**
 * Writes records as CSV (RFC 4180), a row for each and a column for each field. Instants are ISO 8601; what is null is
 * empty; a list is its JSON. Values that a spreadsheet would take for a formula begin with `'`.
 */
export function* writeRecordsCsv(
  records: readonly AnsweredRecord[],
  fields: readonly string[],
  spec: RecordSpec,
): Steps<Buffer> {
  const done = [toText([fields])];
  for (let at = 0; at < records.length; at += ROWS_PER_STEP) {
    const rows = records.slice(at, at + ROWS_PER_STEP);
    done.push(toText(rows.map((record) => fields.map((name) => cellOf(record[name], name, spec)))));
    yield;
  }
  return Buffer.from(done.join(''));
}

const toText = (rows: readonly (readonly unknown[])[]): string =>
  stringify(rows as unknown[][], { record_delimiter: 'windows', escape_formulas: true });

function cellOf(value: unknown, name: string, { times }: RecordSpec): string | number | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return times.includes(name) ? new Date(value).toISOString() : value;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Writes what a search has found as CSV: how it was found, and the record as JSON. */
export function* writeFoundCsv(
  found: readonly { readonly kind: RecordKind; readonly match: Match; readonly record: AnsweredRecord }[],
): Steps<Buffer> {
  const rows = found.map(({ kind, match, record }) => [
    ...[kind, match, String(record[RECORDS[kind].id])],
    JSON.stringify(record),
  ]);
  return Buffer.from(toText([['kind', 'match', 'id', 'record'], ...rows]));
}

/** Writes events as CSV: when, which type, and the event as JSON. */
export function* writeEventsCsv(events: readonly AnsweredRecord[]): Steps<Buffer> {
  const rows = events.map((event) => [
    ...[new Date(event.eventTime as number).toISOString(), event.type, event.eventId],
    JSON.stringify(event),
  ]);
  return Buffer.from(toText([['eventTime', 'type', 'eventId', 'event'], ...rows]));
}
