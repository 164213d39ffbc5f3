import type { QueryResultMetaStat } from '@grafana/data';
import type { QueryResult } from '@storepulse/contracts/query';
import type { AskedAnew } from '../api/holdAnswers';

/** What was read where it was not windows. */
const READ: Readonly<Record<string, string>> = { facts: 'Facts read', visits: 'Visits read' };

/** What an answer cost, for the query inspector's statistics, as far as the exporter tells. */
export function costOf(
  { documents, resolution, readMs, readAt, anew }: QueryResult['meta'] & Partial<AskedAnew>,
  now: number,
): QueryResultMetaStat[] {
  const what = READ[resolution] ?? `Windows read (${resolution})`;
  return [
    { displayName: what, value: documents, unit: 'short' },
    ...(anew === undefined
      ? []
      : [
          { displayName: 'Buckets asked anew', value: anew.asked, unit: 'short' },
          { displayName: 'Buckets kept', value: anew.shown - anew.asked, unit: 'short' },
        ]),
    ...(readMs === undefined ? [] : [{ displayName: 'Reading took', value: readMs, unit: 'ms' }]),
    ...(readAt === undefined
      ? []
      : [{ displayName: 'Age of what was read', value: Math.max(now - readAt, 0), unit: 'ms' }]),
  ];
}
