import type { Catalog } from '../api/catalog';
import type { QueryType, StorepulseQuery } from '../types';
import { dimensionRules } from './dimensionRules';
import { isOfTime, ownDimension } from './ownDimension';
import { ALL_PARTS, QUERY_TYPES } from './queryTypes';
import { hasVariable } from './readVariables';

/** The query with another type: what both types have stays where it fits, the rest is that of a new query. */
export function changeType(
  query: StorepulseQuery,
  type: QueryType,
  catalog: Catalog | undefined,
): StorepulseQuery {
  const { parts, begin } = QUERY_TYPES[type];
  const { queryType: _before, ...kept } = query;
  for (const part of ALL_PARTS.filter((each) => !parts.includes(each))) {
    delete kept[part];
  }
  const changed = { ...begin, ...kept, ...(type === 'metric' ? {} : { queryType: type }) };
  return fitDimensions(changed, catalog);
}

/** Leaves out the split and filters that a query can't have. */
function fitDimensions(query: StorepulseQuery, catalog: Catalog | undefined): StorepulseQuery {
  const { names, areTogether } = dimensionRules(query, catalog);
  const isKnown = (dimension: string) =>
    !names || dimension === '' || hasVariable(dimension) || names.includes(dimension);
  const { groupBy, thenBy, filters, ...whole } = query;
  const splits = [groupBy, thenBy].filter((name) => name !== undefined && isKnown(name));
  const split = {
    ...(splits[0] === undefined ? {} : { groupBy: splits[0] }),
    ...(splits[1] === undefined ? {} : { thenBy: splits[1] }),
  };
  const known = filters?.filter(({ dimension }) => isKnown(dimension));
  const taken = areTogether ? undefined : ownDimension({ ...split, filters: known ?? [] }, catalog)?.name;
  const fits = (dimension: string) => [undefined, dimension].includes(taken) || isOfTime(dimension, catalog);
  return {
    ...whole,
    ...split,
    ...(known ? { filters: known.filter(({ dimension }) => fits(dimension)) } : {}),
  };
}
