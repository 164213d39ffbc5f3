import type { DataSourceJsonData } from '@grafana/data';
import type { DataQuery } from '@grafana/schema';
import type { Comparison } from '@storepulse/contracts/comparisons';
import type { Interval } from '@storepulse/contracts/intervals';

/** Shape of an answer: a number per bucket of time, or one row per value over the whole range. */
export type QueryFormat = 'time_series' | 'table';

/** What a query asks for: figures of a metric, how its values are spread, how far visits get, which customers come back, what happened one by one, or what
 * is stored one by one. */
export type QueryType = 'metric' | 'distribution' | 'funnel' | 'cohort' | 'events' | 'records';

/** By fields, or as a text. */
export type EditorMode = 'builder' | 'code';

/** Keeps what has, or has not, one of some values. */
export interface StorepulseFilter {
  /** Name of a dimension. */
  dimension: string;
  operator: 'in' | 'not_in';
  /** As the exporter lists them. Without any the filter is unfinished and does nothing. */
  values: string[];
}

/**
 * One question to one shop. `queryTypes.ts` tells which parts a type has. Every text may hold dashboard variables. In a
 * filter a variable with several values stands for all of them, and one that is All takes the filter away.
 */
export interface StorepulseQuery extends DataQuery {
  /** Of this shape; see `query/migrateQuery.ts`. @default 0: written before queries had a version */
  version?: number;
  /** @default metric: queries had no type before there were others */
  queryType?: QueryType | (string & {});
  /** @default the data source's default shop */
  shop?: string;
  /** Name from the catalogue. Without it a query of a metric does not run. */
  metric?: string;
  /** Dimension to split by. @default one value for the whole shop */
  groupBy?: string;
  /** Dimension to split each of them by further: one of the two is an hour or a weekday. @default none */
  thenBy?: string;
  /** Rows that count. @default all */
  filters?: StorepulseFilter[];
  /**
   * Width of a bucket; `all` answers the lifetime value whatever the range. A duration such as `30s` or `$__interval`
   * stands for the next wider one. @default auto
   */
  interval?: Interval | (string & {});
  /**
   * Earlier time whose values are shown beside: in a time series as lines of their own, in a table with difference and change.
   * @default none
   */
  compareTo?: Comparison | (string & {});
  /** Each bucket of a time series holds all from the first one up to it. @default false */
  cumulative?: boolean;
  /**
   * A split table has the share of each value in the total beside it; cohorts are told as shares of their customers
   * rather than as counts. @default false
   */
  share?: boolean;
  /** Steps of a visit that a funnel goes through, in their order. A variable with several values is several steps. */
  steps?: string[];
  /** Each step of a funnel counts by itself, whatever came before. @default false: a step is reached after the one before */
  open?: boolean;
  /** Months after the first order that cohorts are followed for, 1 to 120. @default 12 */
  months?: number | string;
  /** What is listed one by one: `orders`, `customers`, `products` or `reviews`. @default orders */
  records?: string;
  /** Finds records by the begin of an id or a name, or by words, instead of listing them. @default none */
  search?: string;
  /** Order of the records, by a field; with `-` before it the greatest first. @default the latest first, products by SKU */
  sort?: string;
  /**
   * Largest values to keep when split, 1 to 1,000, of a funnel 1 to 100; the rest is summed as `other`. Of events how many
   * of the latest are shown, and how many records, 1 to 500. @default as many as can be shown
   */
  limit?: number | string;
  /** Goes on with what changes, where the range ends now. @default false */
  live?: boolean;
  /** @default time_series */
  format?: QueryFormat;
  /** True: all digits (`£1,234,567.890`); false: shortened (`£1.23 Mil`). @default false */
  exact?: boolean;
  /** How the query is edited; it means the same. @default builder */
  editorMode?: EditorMode;
}

/** What a dashboard variable lists: the shops, or the values that a dimension has in a shop. */
export interface StorepulseVariableQuery extends DataQuery {
  kind: 'shops' | 'values';
  /** Needed for `values`. */
  dimension?: string;
  /** @default the data source's default shop */
  shop?: string;
  /** Text that listed values have in them, case aside; `$__searchFilter` is what is typed into the variable's menu. @default any */
  contains?: string;
}

/** What is marked on the charts of a dashboard: what happened in a shop, such as releases and outages. */
export interface StorepulseAnnotationQuery extends DataQuery {
  queryType: 'annotations';
  /** May hold dashboard variables. @default the data source's default shop */
  shop?: string;
  /** Tags that an annotation must all have. @default any */
  tags?: string[];
}

/** Tells what marks charts from what is drawn. */
export const isAnnotationQuery = (query: DataQuery): query is StorepulseAnnotationQuery =>
  query.queryType === 'annotations';

/**
 * Settings of a data source, readable by everyone who may query it. Those of TLS and headers have the names that
 * Grafana's data proxy reads.
 */
export interface StorepulseOptions extends DataSourceJsonData {
  /** Address of the exporter as Grafana's server reaches it, e.g. `http://exporter:9464`, without a slash at its end. */
  apiUrl?: string;
  /** Shop of queries that name none. */
  defaultShop?: string;
  /** Interval that new queries begin with. @default auto */
  defaultInterval?: Interval;
  /** True: the exporter's certificate may also be signed by the CA in `tlsCACert`. @default false */
  tlsAuthWithCACert?: boolean;
  /** True: Grafana's server proves itself by `tlsClientCert` and `tlsClientKey`. @default false */
  tlsAuth?: boolean;
  /** Name that the exporter's certificate is for. @default the host of `apiUrl` */
  serverName?: string;
  /** True: any certificate of the exporter will do. @default false */
  tlsSkipVerify?: boolean;
  /** Names of headers that Grafana's server adds, from 1 without a gap. */
  [header: `httpHeaderName${number}`]: string | undefined;
}

/** Settings that only Grafana's server reads; its proxy puts them into the requests. Certificates and keys are in PEM. */
export interface StorepulseSecrets {
  /** A key of the exporter with the scope `read`, or that of a proxy in front of it. */
  apiKey?: string;
  tlsCACert?: string;
  tlsClientCert?: string;
  tlsClientKey?: string;
  /** Values of the headers, each at the number of its name. */
  [header: `httpHeaderValue${number}`]: string | undefined;
}
