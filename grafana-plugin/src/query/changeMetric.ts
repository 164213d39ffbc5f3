import { hasVariable } from '@storepulse/contracts/grafana/references';
import type { CatalogMetric } from '../api/catalog';
import type { StorepulseQuery } from '../types';

/**
 * The query with another metric, without the split, filters and currency that this metric does not have.
 * @param name a metric's name, or a text with variables
 * @param metric of that name in the catalogue; without it everything stays
 */
export function changeMetric(
  query: StorepulseQuery,
  name: string,
  metric: CatalogMetric | undefined,
): StorepulseQuery {
  const { groupBy, thenBy, filters, currency, ...rest } = query;
  const fits = (dimension: string) =>
    !metric || dimension === '' || hasVariable(dimension) || metric.dimensions.includes(dimension);
  return {
    ...rest,
    metric: name,
    // A rate that the shop has not told would be missed by a figure that needs none.
    ...(currency && (!metric || metric.unit === 'money') ? { currency } : {}),
    ...(groupBy && fits(groupBy) ? { groupBy, ...(thenBy && fits(thenBy) ? { thenBy } : {}) } : {}),
    ...(filters ? { filters: filters.filter(({ dimension }) => fits(dimension)) } : {}),
  };
}
