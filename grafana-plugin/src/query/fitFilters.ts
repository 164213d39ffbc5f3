import type { Catalog } from '../api/catalog';
import type { StorepulseFilter, StorepulseQuery } from '../types';
import { whyUnfit } from './whyUnfit';

/**
 * Leaves out filters that variables of the dashboard give where the query can't have them, with the reason: so one variable
 * may stand in the filters of all panels. Filters that the query's author wrote stay: what is wrong with them is an error.
 * @param query with variables replaced
 * @param given those of its filters that variables give; of several that exclude each other the first applies
 */
export function fitFilters(
  query: StorepulseQuery,
  given: ReadonlySet<StorepulseFilter>,
  catalog: Catalog | undefined,
): { query: StorepulseQuery; remarks: string[] } {
  const { filters = [] } = query;
  const kept = filters.filter((filter) => !given.has(filter));
  const remarks: string[] = [];
  for (const filter of filters.filter((each) => given.has(each))) {
    const { dimension } = filter;
    const reason = whyUnfit(dimension, { ...query, filters: kept }, catalog);
    if (reason === undefined) {
      kept.push(filter);
    } else {
      remarks.push(`The choice of ${dimension} is not applied: ${reason}.`);
    }
  }
  // In the order that they were written in.
  const fitting = filters.filter((filter) => kept.includes(filter));
  return { query: query.filters ? { ...query, filters: fitting } : query, remarks };
}
