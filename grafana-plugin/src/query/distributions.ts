import type { Catalog, CatalogMetric } from '../api/catalog';

/** Metrics of which every value is kept, so that they have heat maps; all of them where an older exporter does not tell. */
export function distributionsOf(catalog: Catalog | undefined): CatalogMetric[] {
  const metrics = catalog?.metrics ?? [];
  const isTold = metrics.some(({ measure }) => measure !== undefined);
  return isTold ? metrics.filter(({ measure }) => measure === 'distribution') : metrics;
}
