import type { DataSourceJsonData } from '@grafana/data';
import type { DataQuery } from '@grafana/schema';
import type { Interval, QueryFilter } from '@storepulse/contracts/query';

/** Shape of an answer: a number per bucket of time, or one row per value over the whole range. */
export type QueryFormat = 'time_series' | 'table';

/**
 * One metric of one shop. Every text may hold dashboard variables; a filter's value that is a multi-value variable
 * stands for all of its values.
 */
export interface StorepulseQuery extends DataQuery {
  /** @default the data source's default shop */
  shop?: string;
  /** Name from the catalogue. Without it the query does not run. */
  metric?: string;
  /** Dimension to split by. @default one value for the whole shop */
  groupBy?: string;
  /** Rows that count. @default all */
  filters?: QueryFilter[];
  /** Width of a bucket; `all` answers the lifetime value whatever the range. @default auto */
  interval?: Interval;
  /** Largest values to keep when split; the rest is summed as `other`. @default all of them */
  limit?: number;
  /** @default time_series */
  format?: QueryFormat;
  /** True: all digits (`£1,234,567.890`); false: shortened (`£1.23 Mil`). @default false */
  exact?: boolean;
}

/** What a dashboard variable lists: the shops, or the values that a dimension has in a shop. */
export interface StorepulseVariableQuery extends DataQuery {
  kind: 'shops' | 'values';
  /** Needed for `values`. */
  dimension?: string;
  /** @default the data source's default shop */
  shop?: string;
}

/** Settings of a data source, readable by everyone who may query it. */
export interface StorepulseOptions extends DataSourceJsonData {
  /** Address of the exporter as Grafana's server reaches it, e.g. `http://exporter:9464`, without a slash at its end. */
  apiUrl?: string;
  /** Shop of queries that name none. */
  defaultShop?: string;
}

/** Settings that only Grafana's server reads; its proxy puts them into the requests. */
export interface StorepulseSecrets {
  /** A key that a proxy in front of the exporter asks for. */
  apiKey?: string;
}
