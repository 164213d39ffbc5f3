import { migrateQuery } from '../query/migrateQuery';
import type { StorepulseQuery } from '../types';
import type { CodeQuery } from './printCode';

/** A query that asks what a text says, and is the same in all that a text does not tell. */
export function applyCode(query: StorepulseQuery, code: CodeQuery): StorepulseQuery {
  const {
    metric,
    shop,
    groupBy,
    filters,
    interval,
    compareTo,
    limit,
    cumulative,
    share,
    format,
    exact,
    ...rest
  } = migrateQuery(query);
  return { ...rest, ...code };
}
