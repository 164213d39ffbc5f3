import { type ApiCall, api } from '@storepulse/contracts/api/calls';
import { namesOfKind } from '@storepulse/contracts/grafana/record-kinds';
import type { AskedRecords } from '@storepulse/contracts/grafana/validate-records';
import type { RecordPage } from '@storepulse/contracts/records/answers';
import type { SearchResponse } from '@storepulse/contracts/records/search';
import { filterParameters } from './filterParameters';

/**
 * Lists or finds some records; those that have a time are those of the range. Undefined where nothing can match, since filters
 * on one field leave no value.
 */
export function recordsCall(
  { shop, kind, search, filters, sort, limit }: AskedRecords,
  range: { from: number; to: number },
  cursor?: string,
): ApiCall<RecordPage | SearchResponse> | undefined {
  if (search !== undefined) {
    return api.search({ shop, q: search, kinds: [kind], limit });
  }
  const narrowed = filterParameters(filters);
  const time = namesOfKind(kind)?.hasRange ? range : {};
  return narrowed && api.records(kind, { shop, ...time, sort, limit, cursor, ...(narrowed as object) });
}
