import type { DataSourceJsonData } from '@grafana/data';
import type { DataQuery } from '@grafana/schema';
import type {
  QueryFormat,
  QueryType,
  StorepulseQuery as StoredQuery,
  StorepulseFilter,
} from '@storepulse/contracts/grafana/stored-query';
import type { Interval } from '@storepulse/contracts/intervals';

/** By fields, or as a text. */
export type EditorMode = NonNullable<StoredQuery['editorMode']>;
export type { QueryFormat, QueryType, StorepulseFilter };

/** One question to one shop: what dashboards, alert rules and the exporter agree on, with what Grafana adds. */
export interface StorepulseQuery extends DataQuery, Omit<StoredQuery, keyof DataQuery> {
  /** How many events there are, by step of time: what Explore asks for the volume of a log. It is never stored. */
  countOnly?: true;
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
  /** False: a refresh asks for whole ranges, also for the buckets that have not changed. @default true */
  incrementalQuerying?: boolean;
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
