import type { Catalog } from '../api/catalog';
import type { StorepulseQuery } from '../types';
import { isOfTime, ownDimension } from './ownDimension';

/**
 * Why a filter on a dimension can't be added to a query; undefined: it can. Figures are kept by one dimension at a time, so
 * it must be one of the metric, and that of the query's split and other filters; hours and weekdays go with any.
 * @param catalog without it, what a metric is kept by is not known and left to the exporter
 */
export function whyUnfit(
  dimension: string,
  query: StorepulseQuery,
  catalog: Catalog | undefined,
): string | undefined {
  const titleOf = (name: string) =>
    catalog?.dimensions.find((known) => known.name === name)?.title.toLowerCase() ?? name;
  const metric = catalog?.metrics.find(({ name }) => name === query.metric);
  if (metric && !metric.dimensions.includes(dimension)) {
    return `${metric.title} is not kept by ${titleOf(dimension)}`;
  }
  const taken = ownDimension(query, catalog);
  if (!taken || taken.name === dimension || isOfTime(dimension, catalog)) {
    return undefined;
  }
  const how = taken.isSplit ? 'split' : 'filtered';
  return `this query is ${how} by ${titleOf(taken.name)}, and figures are kept by one dimension at a time`;
}
