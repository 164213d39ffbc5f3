import type { QueryResultMetaStat } from '@grafana/data';
import type { QueryResult } from '@storepulse/contracts/query';

/** What was read where it was not windows. */
const READ: Readonly<Record<string, string>> = { facts: 'Facts read', visits: 'Visits read' };

/** What an answer cost, for the query inspector's statistics, as far as the exporter tells. */
export function costOf(
  { documents, resolution, readMs, readAt }: QueryResult['meta'],
  now: number,
): QueryResultMetaStat[] {
  const what = READ[resolution] ?? `Windows read (${resolution})`;
  return [
    { displayName: what, value: documents, unit: 'short' },
    ...(readMs === undefined ? [] : [{ displayName: 'Reading took', value: readMs, unit: 'ms' }]),
    ...(readAt === undefined
      ? []
      : [{ displayName: 'Age of what was read', value: Math.max(now - readAt, 0), unit: 'ms' }]),
  ];
}
