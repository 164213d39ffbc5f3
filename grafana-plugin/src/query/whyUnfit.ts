import type { Catalog } from '../api/catalog';
import type { StorepulseQuery } from '../types';
import { dimensionRules } from './dimensionRules';
import { isOfTime, ownDimension } from './ownDimension';

/**
 * Why a filter on a dimension can't be added to a query; undefined: it can. What is counted must be kept by it. Figures of
 * metrics are kept by one dimension at a time, so it must be that of the query's split and other filters; hours and weekdays
 * go with any.
 * @param catalog without it, what a metric is kept by is not known and left to the exporter
 */
export function whyUnfit(
  dimension: string,
  query: StorepulseQuery,
  catalog: Catalog | undefined,
): string | undefined {
  const titleOf = (name: string) =>
    catalog?.dimensions.find((known) => known.name === name)?.title.toLowerCase() ?? name;
  const { subjectWithout, names, areTogether } = dimensionRules(query, catalog);
  if (names && !names.includes(dimension)) {
    return `${subjectWithout(dimension)} not kept by ${titleOf(dimension)}`;
  }
  const taken = areTogether ? undefined : ownDimension(query, catalog);
  if (!taken || taken.name === dimension || isOfTime(dimension, catalog)) {
    return undefined;
  }
  const how = taken.isSplit ? 'split' : 'filtered';
  return `this query is ${how} by ${titleOf(taken.name)}, and figures are kept by one dimension at a time`;
}
