import type { DataQueryRequest } from '@grafana/data';
import type { Asked, MetricsQuery } from '@storepulse/contracts/grafana/validate-query';
import { RESOLUTIONS } from './resolutionOf';

/** Why a query of a metric can't be followed; undefined: it can. Its figures are shown all the same. */
export function whyNotLive(
  { filters, compareTo, currency, cumulative, groupBy, interval = 'auto', format }: Asked<MetricsQuery>,
  request: Pick<DataQueryRequest, 'range'>,
): string | undefined {
  if (!endsNow(request)) {
    return 'the range does not end now';
  }
  if (format === 'table') {
    return 'a table is of the whole range';
  }
  if (filters && filters.length > 0) {
    return 'live figures are not filtered; group by the dimension instead';
  }
  if (compareTo !== undefined || cumulative) {
    return 'comparisons and running totals are of ranges that have ended';
  }
  if (currency !== undefined) {
    return 'live figures are in the shop’s own currency';
  }
  if (Array.isArray(groupBy)) {
    return 'live figures are split by one dimension';
  }
  const intervals: readonly string[] = ['auto', ...RESOLUTIONS];
  return intervals.includes(interval) ? undefined : `live figures are those of ${RESOLUTIONS.join(', ')}`;
}

/** Whether a range moves with the clock. */
export function endsNow({ range }: Pick<DataQueryRequest, 'range'>): boolean {
  return typeof range.raw.to === 'string' && range.raw.to.startsWith('now');
}
