import type { MetricFindValue } from '@grafana/data';
import type { Catalog } from '../api/catalog';
import type { StorepulseQuery } from '../types';

/**
 * What ad hoc filters can filter by: the dimensions of the queried metrics, or all when no query names one.
 * @param queries with variables replaced
 */
export function listTagKeys(catalog: Catalog, queries: StorepulseQuery[]): MetricFindValue[] {
  const queried = catalog.metrics.filter(({ name }) => queries.some(({ metric }) => metric === name));
  const names = new Set(queried.flatMap(({ dimensions }) => dimensions));
  return catalog.dimensions
    .filter(({ name }) => names.size === 0 || names.has(name))
    .map(({ name, title }) => ({ text: title, value: name }));
}
