import type { AnyQuery, Frame, FrameField, MetricQuery, QueryResponse } from '@storepulse/contracts';
import { stringify } from 'csv-stringify/sync';
import { type ErrorCode, ExporterError } from '../errors.ts';
import type { Steps } from '../work/pacer.ts';

const COLUMNS = ['ref_id', 'shop', 'metric', 'compared', 'dimension', 'group', 'time', 'value'] as const;
type Row = readonly (string | number | null)[];

/** Rows that are written together. */
const ROWS_PER_STEP = 500;

/**
 * Writes an answer as CSV (RFC 4180), a row for each number of each frame. Times are ISO 8601; what is null is empty; of a
 * comparison `compared` tells which part a row is of. Values that a spreadsheet would take for a formula begin with `'`.
 * @throws {ExporterError} the first error of a query: CSV has no place for it
 */
export function* writeCsv({ results }: QueryResponse, queries: readonly AnyQuery[]): Steps<Buffer> {
  const done = [toText([COLUMNS])];
  let rows: Row[] = [];
  for (const query of queries) {
    const { frames, error } = results[query.refId]!;
    if (error) throw new ExporterError(error.code as ErrorCode, `${query.refId}: ${error.detail}`);
    for (const frame of frames) {
      for (const row of rowsOf(frame, query)) {
        rows.push(row);
        if (rows.length < ROWS_PER_STEP) continue;
        done.push(toText(rows));
        rows = [];
        yield;
      }
    }
  }
  done.push(toText(rows));
  return Buffer.from(done.join(''));
}

const toText = (rows: readonly Row[]): string =>
  stringify(rows as Row[], { record_delimiter: 'windows', escape_formulas: true });

function* rowsOf(frame: Frame, query: AnyQuery): Generator<Row> {
  const { refId } = query;
  // Of several metrics or shops, each frame tells its own.
  const { shop, metric } = { ...query, ...(frame.meta?.custom as object) } as MetricQuery;
  const times = frame.fields.find(({ type }) => type === 'time');
  const labels = frame.fields.filter(({ type }) => type === 'string');
  for (const field of frame.fields) {
    if (field.type !== 'number') continue;
    const [dimension, group] = groupOf(field);
    // Of a funnel or cohorts, each column is a figure of its own.
    const figure = 'metric' in query ? metric : field.name;
    for (let i = 0; i < field.values.length; i++) {
      const time = times ? new Date(times.values[i] as number).toISOString() : '';
      yield [
        ...[refId, shop, figure, comparedOf(frame, field, figure)],
        ...(labels.length > 0
          ? [joined(labels.map(({ name }) => name)), joined(labels.map(({ values }) => `${values[i]}`))]
          : [dimension, group]),
        ...[time, field.values[i]!],
      ];
    }
  }
}

/** The names, or the values, of one column or of several. */
const joined = (texts: readonly string[]): string => texts.join('/');

const groupOf = ({ labels = {} }: FrameField): readonly [string, string] =>
  Object.entries(labels).find(([name]) => name !== 'shop') ?? ['', ''];

/** Of a table the column tells it, of a time series the frame. */
function comparedOf({ meta }: Frame, { name }: FrameField, metric: string): string {
  const { compared } = (meta?.custom ?? {}) as { compared?: string };
  return compared ?? name.slice(metric.length + 1);
}
