import type { CatalogMetric } from '../api/catalog';
import type { StorepulseQuery } from '../types';

/** The query with another metric, without the split and filters that this metric does not have. */
export function changeMetric(query: StorepulseQuery, metric: CatalogMetric): StorepulseQuery {
  const { groupBy, filters, ...rest } = query;
  const known = (dimension: string) => dimension.includes('$') || metric.dimensions.includes(dimension);
  return {
    ...rest,
    metric: metric.name,
    ...(groupBy && known(groupBy) ? { groupBy } : {}),
    ...(filters ? { filters: filters.filter(({ dimension }) => known(dimension)) } : {}),
  };
}
