import { type Static, Type } from 'typebox';

/** Keeps what has, or has not, one of some values. */
export const StorepulseFilter = Type.Object({
  /** Name of a dimension. */
  dimension: Type.String(),
  operator: Type.Union([Type.Literal('in'), Type.Literal('not_in')]),
  /** As the exporter lists them. Without any the filter is unfinished and does nothing. */
  values: Type.Array(Type.String()),
});
/** Keeps what has, or has not, one of some values. */
export type StorepulseFilter = Static<typeof StorepulseFilter>;

/** Shape of an answer: a number per bucket of time, or one row per value over the whole range. */
export type QueryFormat = 'time_series' | 'table';

/**
 * What a query asks for: figures of a metric, how its values are spread, how far visits get, which customers come back,
 * what happened one by one, or what is stored one by one.
 */
export type QueryType = 'metric' | 'distribution' | 'funnel' | 'cohort' | 'events' | 'records';

const Count = Type.Union([Type.Number(), Type.String()]);

/**
 * One question to one shop, as Grafana's dashboards and alert rules store it. `query-types.ts` tells which parts a type has.
 * Every text may hold dashboard variables. In a filter a variable with several values stands for all of them, and one that is
 * All takes the filter away. Grafana adds fields of its own.
 */
export const StorepulseQuery = Type.Object({
  /** Names the query within its panel or rule. */
  refId: Type.String(),
  /** Of this shape; see `migrate-query.ts`. @default 0: written before queries had a version */
  version: Type.Optional(Type.Number()),
  /** @default metric: queries had no type before there were others */
  queryType: Type.Optional(Type.String()),
  /** @default the data source's default shop */
  shop: Type.Optional(Type.String()),
  /** Name from the catalogue. Without it a query of a metric does not run. */
  metric: Type.Optional(Type.String()),
  /**
   * Metrics beside the first one, with the same split, filters and interval: those that all of them have. In both a variable with
   * several values is several metrics. @default none
   */
  furtherMetrics: Type.Optional(Type.Array(Type.String())),
  /** Dimension to split by. @default one value for the whole shop */
  groupBy: Type.Optional(Type.String()),
  /** Dimension to split each of them by further: one of the two is an hour or a weekday. @default none */
  thenBy: Type.Optional(Type.String()),
  /** Rows that count. @default all */
  filters: Type.Optional(Type.Array(StorepulseFilter)),
  /**
   * Width of a bucket; `all` answers the lifetime value whatever the range. A duration such as `30s` or `$__interval`
   * stands for the next wider one. @default auto
   */
  interval: Type.Optional(Type.String()),
  /**
   * Earlier time whose values are shown beside: in a time series as lines of their own, in a table with difference and
   * change. @default none
   */
  compareTo: Type.Optional(Type.String()),
  /**
   * Shows money in another currency (ISO 4217), by a rate that the shop has told for the last day of the range.
   * @default the shop's own
   */
  currency: Type.Optional(Type.String()),
  /** Each bucket of a time series holds all from the first one up to it. @default false */
  cumulative: Type.Optional(Type.Boolean()),
  /**
   * A split table has the share of each value in the total beside it; cohorts are told as shares of their customers
   * rather than as counts. @default false
   */
  share: Type.Optional(Type.Boolean()),
  /** Steps of a visit that a funnel goes through, in their order. A variable with several values is several steps. */
  steps: Type.Optional(Type.Array(Type.String())),
  /** Each step of a funnel counts by itself, whatever came before. @default false: a step is reached after the one before */
  open: Type.Optional(Type.Boolean()),
  /** Months after the first order that cohorts are followed for, 1 to 120. @default 12 */
  months: Type.Optional(Count),
  /** What is listed one by one: `orders`, `customers`, `products` or `reviews`. @default orders */
  records: Type.Optional(Type.String()),
  /** Finds records by the begin of an id or a name, or by words, instead of listing them. @default none */
  search: Type.Optional(Type.String()),
  /** Order of the records, by a field; with `-` before it the greatest first. @default the latest first, products by SKU */
  sort: Type.Optional(Type.String()),
  /**
   * Largest values to keep when split, 1 to 1,000, of a funnel 1 to 100; the rest is summed as `other`. Of events how many
   * of the latest are shown, and how many records, 1 to 5,000. @default as many as can be shown; 500 events and records
   */
  limit: Type.Optional(Count),
  /** Goes on with what changes, where the range ends now. @default false */
  live: Type.Optional(Type.Boolean()),
  /** @default time_series */
  format: Type.Optional(Type.Union([Type.Literal('time_series'), Type.Literal('table')])),
  /** True: all digits (`£1,234,567.890`); false: shortened (`£1.23 Mil`). @default false */
  exact: Type.Optional(Type.Boolean()),
  /** How the query is edited, by fields or as a text; it means the same. @default builder */
  editorMode: Type.Optional(Type.Union([Type.Literal('builder'), Type.Literal('code')])),
});
/** One question to one shop, as Grafana stores it. */
export type StorepulseQuery = Static<typeof StorepulseQuery>;
