import type { Catalog } from '../api/catalog';
import type { StorepulseQuery } from '../types';
import { hasVariable } from './readVariables';

/**
 * Leaves out a split that a variable of the dashboard gives where the query can't be split so. A split that the query's
 * author wrote stays: what is wrong with it is an error.
 * @param query with variables replaced
 * @param stored the split as it was written
 */
export function fitSplit(
  query: StorepulseQuery,
  stored: string | undefined,
  catalog: Catalog | undefined,
): { query: StorepulseQuery; remarks: string[] } {
  const { groupBy, ...whole } = query;
  if (groupBy === undefined || stored === undefined || !hasVariable(stored) || groupBy === stored) {
    return { query, remarks: [] };
  }
  const metric = catalog?.metrics.find(({ name }) => name === query.metric);
  if (metric && !metric.dimensions.includes(groupBy)) {
    return { query: whole, remarks: [`Not split by ${groupBy}: ${metric.title} is not kept by it.`] };
  }
  const filtered = query.filters?.find(({ dimension }) => dimension !== groupBy)?.dimension;
  if (filtered !== undefined) {
    const why = `the query is filtered by ${filtered}, and figures are kept by one dimension at a time`;
    return { query: whole, remarks: [`Not split by ${groupBy}: ${why}.`] };
  }
  return { query, remarks: [] };
}
