import type { CatalogResponse } from '@storepulse/contracts/api/catalog';

/** Makes some fields optional: exporters of earlier releases do not tell them. */
type Since<T, Later extends keyof T> = Omit<T, Later> & Partial<Pick<T, Later>>;

/** A metric as the exporter describes it. */
export type CatalogMetric = Since<CatalogResponse['metrics'][number], 'synonyms'>;
/** Something that metrics can be split by. */
export type CatalogDimension = Since<CatalogResponse['dimensions'][number], 'synonyms' | 'ofTime'>;
/** A shop that the exporter has metrics of. */
export type CatalogShop = Since<CatalogResponse['shops'][number], 'weekStart'>;

/** Answer of `GET /api/v1/catalog`. */
export type Catalog = Omit<Since<CatalogResponse, 'takesHeld'>, 'metrics' | 'dimensions' | 'shops'> & {
  metrics: CatalogMetric[];
  dimensions: CatalogDimension[];
  shops: CatalogShop[];
};
