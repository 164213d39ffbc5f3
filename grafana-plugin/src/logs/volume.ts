import { type DataQueryRequest, type SupplementaryQueryOptions, SupplementaryQueryType } from '@grafana/data';
import { typeOf } from '@storepulse/contracts/grafana/query-types';
import type { StorepulseQuery } from '../types';

/** Grafana takes the answer to a query with this before its name for the volume of that query. */
const PREFIX = 'log-volume-';

/** The query that counts what a query of events lists; undefined for any other, and for what is hidden. */
export function volumeQuery(
  { type }: SupplementaryQueryOptions,
  query: StorepulseQuery,
): StorepulseQuery | undefined {
  if (type !== SupplementaryQueryType.LogsVolume || typeOf(query) !== 'events' || query.hide) {
    return undefined;
  }
  const { live: _live, limit: _limit, ...kept } = query;
  return { ...kept, refId: PREFIX + query.refId, countOnly: true };
}

/** The request that counts what a request lists; undefined where it lists no events. */
export function volumeRequest(
  type: SupplementaryQueryType,
  request: DataQueryRequest<StorepulseQuery>,
): DataQueryRequest<StorepulseQuery> | undefined {
  const options = { type } as SupplementaryQueryOptions;
  const targets = request.targets.flatMap((target) => volumeQuery(options, target) ?? []);
  return targets.length === 0 ? undefined : { ...request, targets, liveStreaming: false };
}
