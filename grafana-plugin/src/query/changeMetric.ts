import { hasVariable } from '@storepulse/contracts/grafana/references';
import type { CatalogMetric } from '../api/catalog';
import type { StorepulseQuery } from '../types';

/**
 * The query with another metric, without the split and filters that this metric does not have.
 * @param name a metric's name, or a text with variables
 * @param metric of that name in the catalogue; without it everything stays
 */
export function changeMetric(
  query: StorepulseQuery,
  name: string,
  metric: CatalogMetric | undefined,
): StorepulseQuery {
  const { groupBy, thenBy, filters, ...rest } = query;
  const fits = (dimension: string) =>
    !metric || dimension === '' || hasVariable(dimension) || metric.dimensions.includes(dimension);
  return {
    ...rest,
    metric: name,
    ...(groupBy && fits(groupBy) ? { groupBy, ...(thenBy && fits(thenBy) ? { thenBy } : {}) } : {}),
    ...(filters ? { filters: filters.filter(({ dimension }) => fits(dimension)) } : {}),
  };
}
