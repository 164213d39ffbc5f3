import { ownParts, QUERY_TYPES } from '@storepulse/contracts/grafana/query-types';
import { hasVariable } from '@storepulse/contracts/grafana/references';
import type { Catalog } from '../api/catalog';
import type { QueryType, StorepulseQuery } from '../types';
import { dimensionRules } from './dimensionRules';
import { distributionsOf } from './distributions';
import { isOfTime, ownDimension } from './ownDimension';

/** The query with another type: what both types have stays where it fits, the rest is that of a new query. */
export function changeType(
  query: StorepulseQuery,
  type: QueryType,
  catalog: Catalog | undefined,
): StorepulseQuery {
  const { queryType: _before, ...kept } = query;
  const changed = ownParts({
    ...QUERY_TYPES[type].begin,
    ...kept,
    ...(type === 'metric' ? {} : { queryType: type }),
  });
  return fitDimensions(type === 'distribution' ? fitMetric(changed, catalog) : changed, catalog);
}

/** Takes the first distribution there is for a metric that is none. */
function fitMetric(query: StorepulseQuery, catalog: Catalog | undefined): StorepulseQuery {
  const distributions = distributionsOf(catalog);
  const { metric = '', ...rest } = query;
  const isFit = hasVariable(metric) || distributions.some(({ name }) => name === metric);
  const chosen = isFit ? metric : distributions[0]?.name;
  return chosen === undefined ? rest : { ...rest, metric: chosen };
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
