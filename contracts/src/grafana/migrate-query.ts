import type { StorepulseFilter, StorepulseQuery } from './stored-query.ts';

/** Version of a query's stored shape, as this release writes it. */
export const QUERY_VERSION = 1;

/** A query as it was stored, by whichever release. */
export type StoredQuery = Omit<StorepulseQuery, 'version'> & { version?: number };

/** From each version to the next one. */
const STEPS: ReadonlyArray<(query: StoredQuery) => StoredQuery> = [toVersion1];

/**
 * A query in today's shape. It is read so at each use and written so by the editor's next change: opening a saved query
 * changes nothing. A query of a later release is taken as it is.
 */
export function migrateQuery(query: StoredQuery): StorepulseQuery {
  const { version = 0 } = query;
  const migrated = STEPS.slice(version).reduce((stored, step) => step(stored), query);
  return { ...migrated, version: Math.max(version, QUERY_VERSION) };
}

/** Release 0.1.0 wrote no version. It left empty texts for what was not set, unfinished filters, and a top of 0 for "all". */
function toVersion1(query: StoredQuery): StoredQuery {
  const { shop, metric, groupBy, limit, interval, filters, ...rest } = query;
  return {
    ...rest,
    ...(shop ? { shop } : {}),
    ...(metric ? { metric } : {}),
    ...(groupBy ? { groupBy } : {}),
    ...(interval ? { interval } : {}),
    ...(Number(limit) >= 1 ? { limit } : {}),
    ...(filters ? { filters: filters.filter(isFinished) } : {}),
  };
}

function isFinished({ dimension, values }: StorepulseFilter): boolean {
  return dimension !== '' && values.length > 0;
}
