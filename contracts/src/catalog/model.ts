import type { Expr } from '../expressions/index.ts';
import type { MeasureKind } from '../measures/index.ts';
import type { Expression } from './expressions.ts';
import type { FactSource } from './facts.ts';

/** What values a dimension may have: a closed list, or a pattern. Anything else counts under `other`. */
export type Domain =
  | { readonly values: readonly string[] }
  | {
      readonly pattern: RegExp;
      /** What the pattern allows, in words. */
      readonly form: string;
      /** Present where the pattern allows any name of at most so many Unicode characters. */
      readonly longest?: number;
    };

/** Something that a measure can be split by. */
export interface DimensionSpec {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Other words that people search it by. @default none */
  readonly synonyms?: readonly string[];
  readonly domain: Domain;
  /** Present when the values have an order of their own: groups answer in it, instead of the greatest first. */
  readonly ordered?: true;
  /** Present on a dimension of many values: it is stored apart from the narrow dimensions, which share a document. */
  readonly wide?: true;
  /** Records that tell what a value is called. @default none do */
  readonly namedBy?: 'products';
}

/** Value of a dimension that the event does not tell. */
export const UNKNOWN_VALUE = 'unknown';
/** Value that stands for everything outside a dimension's domain, and for the rest of a top-N answer. */
export const OTHER_VALUE = 'other';
/** The dimension of totals; it has the one value `all`. */
export const TOTAL_DIMENSION = 'total';
/** The one value of the dimension `total`. */
export const TOTAL_VALUE = 'all';

/** One kind of rows that events of a source have. */
export interface RowsSpec {
  /** Only events where it is true have them. @default all */
  readonly where?: Expr;
  /** The list of the event whose elements they are. @default the event itself is the one row */
  readonly each?: string;
  /** Fields of the row that are computed, by name; they can be read as `row`. @default none but those of the elements */
  readonly fields?: Readonly<Record<string, Expr>>;
}

/**
 * The rows that measures are computed over: which event types they come from, how one event unfolds into rows
 * (an order into its lines), and where a row's dimensions are read.
 */
export interface SourceSpec {
  readonly name: string;
  /** Event types, or `session`: one row per visit, kept as a set union over its events. */
  readonly from: readonly string[] | 'session';
  /** Rows of an event: those of all kinds. @default the event itself */
  readonly rows?: readonly RowsSpec[];
  /** Dimensions of a row by name, as texts; null counts as `unknown`. */
  readonly dimensions: Readonly<Record<string, Expr>>;
}

/** Unit of a metric, for display. `money` is in the shop's currency. */
export type Unit = 'money' | 'count' | 'ratio' | 'milliseconds';

/** A share in per cent as people write it: `58` for 0.58, `99.9` for 0.999, to ten decimals. */
export function percentOf(share: number): string {
  return (share * 100).toFixed(10).replace(/\.?0+$/, '');
}

/** The parts of a shop that metrics are about, by the heading that pickers show them under. */
export const AREAS = [
  'Sales',
  'Audience',
  'Visits and funnel',
  'Products and behaviour',
  'Checkout and payments',
  'Operations',
  'Customers',
] as const;
/** Heading that a metric is found under. */
export type Area = (typeof AREAS)[number];

/** What all metrics state about themselves. */
export interface MetricBase {
  /** Lower-case words joined by underscores; part of every external name. */
  readonly name: string;
  readonly title: string;
  /** The exact definition, as shown wherever the metric is. */
  readonly description: string;
  /** Other words that people search it by, such as `revenue` for net sales. @default none */
  readonly synonyms?: readonly string[];
  /** What it is about. Every metric of the product has one. */
  readonly area?: Area;
  readonly unit: Unit;
  /** Which direction is good news. */
  readonly better: 'up' | 'down' | 'neutral';
}

/** A metric that is aggregated from rows and stored. */
export interface StoredMetric extends MetricBase {
  readonly kind: 'stored';
  /** Metrics of one group share the documents of a window. */
  readonly group: string;
  readonly source: SourceSpec;
  readonly measure: MeasureKind;
  /** Rows that count: those where it is true. @default every row */
  readonly where?: Expr;
  /** The value that a row adds; where it is null, the row does not count. @default 1 (for `count`) */
  readonly of?: Expr;
  /** What was added may be taken back, or be negative, so that the value can fall. @default false */
  readonly signed?: boolean;
  /** Dimensions it is kept by, beside the total. @default all of its source's */
  readonly dimensions: readonly string[];
  /** Raised when the definition's meaning changes, so that old cells are not added to new ones. @default 1 */
  readonly revision?: number;
  /** More that its cells mean, as JSON: when it changes, old cells are not added to new ones. @default nothing more */
  readonly meaning?: string;
  /** The name that its cells are stored under. @default its own */
  readonly field?: string;
}

/**
 * A dimension that some metrics have beside those that they were stored with: kept in groups of its own, with a beginning of
 * its own, so that nothing that was counted before is touched.
 */
export interface AddedDimension {
  readonly dimension: DimensionSpec;
  /** Where the rows of each source tell it, by the source's name. */
  readonly of: Readonly<Record<string, Expr>>;
  /** Names of the stored metrics that are kept by it. */
  readonly metrics: readonly string[];
}

/** A metric computed at read time as sums and differences of others; it adds up like they do. */
export interface DerivedMetric extends MetricBase {
  readonly kind: 'derived';
  readonly expression: Expression;
}

/** A metric computed at read time, after merging, as a quotient. Never stored, never averaged. */
export interface RatioMetric extends MetricBase {
  readonly kind: 'ratio';
  readonly numerator: Expression;
  readonly denominator: Expression;
}

/** A quantile of a stored distribution, read after merging: never averaged. */
export interface QuantileMetric extends MetricBase {
  readonly kind: 'quantile';
  /** Name of the stored metric whose measure is `distribution`. */
  readonly of: string;
  /** Share of the values that lie below, 0 to 1. */
  readonly quantile: number;
}

/**
 * A metric that needs a whole history, which no stream has: a sum over facts, read from the collections of business
 * facts when it is asked for.
 */
export interface FactMetric extends MetricBase {
  readonly kind: 'fact';
  readonly facts: FactSource;
  readonly measure: 'sum';
  /** What a row adds. */
  readonly of: (row: never) => number;
  readonly dimensions: readonly string[];
}

/** A metric that others are computed from. */
export type PartMetric = StoredMetric | FactMetric;
/** The name under which cells hold a part. */
export const cellName = (part: PartMetric): string =>
  (part.kind === 'stored' ? part.field : undefined) ?? part.name;
/** Any metric. */
export type MetricSpec = PartMetric | DerivedMetric | RatioMetric | QuantileMetric;
