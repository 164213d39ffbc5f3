import { hasVariable } from '@storepulse/contracts/grafana/references';
import type { Catalog } from '../api/catalog';
import type { StorepulseQuery } from '../types';
import { dimensionRules } from './dimensionRules';
import { isOfTime, ownDimension } from './ownDimension';

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
  const { groupBy, thenBy: _further, ...whole } = query;
  if (groupBy === undefined || stored === undefined || !hasVariable(stored) || groupBy === stored) {
    return { query, remarks: [] };
  }
  const { subjectWithout, names, areTogether } = dimensionRules(query, catalog);
  if (names && !names.includes(groupBy)) {
    return { query: whole, remarks: [`Not split by ${groupBy}: ${subjectWithout(groupBy)} not kept by it.`] };
  }
  const { filters } = query;
  const filtered = areTogether ? undefined : filters && ownDimension({ filters }, catalog)?.name;
  if (filtered !== undefined && filtered !== groupBy && !isOfTime(groupBy, catalog)) {
    const why = `the query is filtered by ${filtered}, and figures are kept by one dimension at a time`;
    return { query: whole, remarks: [`Not split by ${groupBy}: ${why}.`] };
  }
  return { query, remarks: [] };
}
