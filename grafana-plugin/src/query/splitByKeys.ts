import type { Catalog } from '../api/catalog';
import type { StorepulseQuery } from '../types';
import { dimensionRules } from './dimensionRules';
import { whyUnfit } from './whyUnfit';

/**
 * Splits a query by what a dashboard groups by, where it can be: a query that its author has split stays as it is, and one split
 * is taken, the first that fits. What is left out is told.
 * @param query with variables replaced
 * @param keys names of dimensions, as the dashboard has them
 */
export function splitByKeys(
  query: StorepulseQuery,
  keys: readonly string[],
  catalog: Catalog | undefined,
): { query: StorepulseQuery; remarks: string[] } {
  const wanted = keys.filter((key) => key !== '');
  const canSplit = dimensionRules(query, catalog).canSplit;
  if (wanted.length === 0 || !canSplit) {
    return { query, remarks: [] };
  }
  if (query.groupBy) {
    const others = wanted.filter((key) => key !== query.groupBy);
    const text = `Not grouped by ${others.join(', ')}: this query is split by ${query.groupBy}.`;
    return { query, remarks: others.length > 0 ? [text] : [] };
  }
  const chosen = wanted.find((key) => whyUnfit(key, query, catalog) === undefined);
  const left = wanted.filter((key) => key !== chosen);
  return {
    query: chosen === undefined ? query : { ...query, groupBy: chosen },
    remarks: left.map((key) => {
      const why = whyUnfit(key, query, catalog) ?? `a query is grouped by one, here ${chosen}`;
      return `Not grouped by ${key}: ${why}.`;
    }),
  };
}
