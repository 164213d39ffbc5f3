/** A metric as the exporter describes it. */
export interface CatalogMetric {
  name: string;
  title: string;
  /** The exact definition. */
  description: string;
  unit: string;
  kind: 'stored' | 'derived' | 'ratio' | 'quantile' | 'fact';
  /** Other words that people search it by. Older exporters tell none. */
  synonyms?: string[];
  /** What it is about: the heading it is found under. */
  area?: string;
  /** What is stored of it, such as `count` or `distribution`; metrics that are not stored have none. Older exporters tell none. */
  measure?: string;
  better: 'up' | 'down' | 'neutral';
  /** Names of the dimensions it can be split and filtered by. */
  dimensions: string[];
  /** How it is computed from other metrics; stored metrics have none. */
  expression?: string;
}

/** Something that metrics can be split by. */
export interface CatalogDimension {
  name: string;
  title: string;
  description: string;
  /** Other words that people search it by. */
  synonyms?: string[];
  /** True: told by the time of a window, so that it goes together with any other dimension. @default false */
  ofTime?: boolean;
}

/** A shop that the exporter has metrics of. */
export interface CatalogShop {
  shop: string;
  name: string;
  /** ISO 4217 code. */
  currency: string;
  /** Decimals that its amounts are kept with. */
  scale: number;
  /** IANA zone in which its days begin. */
  timeZone: string;
}

/** Answer of `GET /api/v1/catalog`. */
export interface Catalog {
  /** Changes with the metrics and dimensions. */
  version: string;
  metrics: CatalogMetric[];
  dimensions: CatalogDimension[];
  resolutions: string[];
  shops: CatalogShop[];
}
