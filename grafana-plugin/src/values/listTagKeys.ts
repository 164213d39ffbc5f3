import type { MetricFindValue } from '@grafana/data';
import type { Catalog } from '../api/catalog';
import { dimensionRules } from '../query/dimensionRules';
import type { StorepulseQuery } from '../types';

/**
 * What ad hoc filters can filter by: the dimensions of what is queried, or all when no query tells any.
 * @param queries with variables replaced
 */
export function listTagKeys(catalog: Catalog, queries: StorepulseQuery[]): MetricFindValue[] {
  const names = new Set(queries.flatMap((query) => dimensionRules(query, catalog).names ?? []));
  return catalog.dimensions
    .filter(({ name }) => names.size === 0 || names.has(name))
    .map(({ name, title }) => ({ text: title, value: name }));
}

/**
 * What a dashboard can be grouped by: the dimensions of those of its queries that can be split, or all when no query tells any.
 * @param queries with variables replaced
 */
export function listGroupByKeys(catalog: Catalog, queries: StorepulseQuery[]): MetricFindValue[] {
  return listTagKeys(
    catalog,
    queries.filter((query) => dimensionRules(query, catalog).canSplit),
  );
}
