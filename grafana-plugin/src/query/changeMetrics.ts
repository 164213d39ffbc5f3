import { hasVariable } from '@storepulse/contracts/grafana/references';
import type { CatalogMetric } from '../api/catalog';
import type { StorepulseQuery } from '../types';
import { dimensionsOfMetric } from './dimensionRules';
import { withMetrics } from './withMetrics';

/**
 * The query with other metrics, without the split, filters and currency that they do not all have, or that none has.
 * @param names of metrics, or texts with variables
 * @param metricOf the metric of a name in the catalogue; what is not there may have anything
 */
export function changeMetrics(
  query: StorepulseQuery,
  names: readonly string[],
  metricOf: (name: string) => CatalogMetric | undefined,
): StorepulseQuery {
  const { groupBy, thenBy, filters, currency, ...rest } = query;
  const metrics = names.map(metricOf);
  const fits = (dimension: string) =>
    dimension === '' ||
    hasVariable(dimension) ||
    metrics.every((metric) => !metric || dimensionsOfMetric(metric).includes(dimension));
  return {
    ...withMetrics(rest, names),
    // A rate that the shop has not told would be missed by figures that need none.
    ...(currency && metrics.some((metric) => !metric || metric.unit === 'money') ? { currency } : {}),
    ...(groupBy && fits(groupBy) ? { groupBy, ...(thenBy && fits(thenBy) ? { thenBy } : {}) } : {}),
    ...(filters ? { filters: filters.filter(({ dimension }) => fits(dimension)) } : {}),
  };
}
