/** Figures by metric: money in the shop's minor units (10^-scale), all else as counted. */
export type Figures = Readonly<Record<Metric, number>>;

/** Metrics that a replayed file moves, and the tests read. */
export const METRICS = [
  'gross_sales',
  'discounts',
  'units',
  'returns',
  'adjustments',
  'orders',
  'customers',
  'buyers',
  'active_visitors',
  'net_sales',
  'net_after_adjustments',
] as const;
/** One of the metrics that the tests read. */
export type Metric = (typeof METRICS)[number];

/** Metrics in money. */
const MONEY: ReadonlySet<Metric> = new Set([
  'gross_sales',
  'discounts',
  'returns',
  'adjustments',
  'net_sales',
  'net_after_adjustments',
]);
/** Whether a metric is an amount of money. */
export const isMoney = (metric: Metric): boolean => MONEY.has(metric);

/** Metrics that are kept by country; all of the above are. */
export const COUNTRY = 'country';
/** Time zone of the shops that files are replayed into. */
export const TIME_ZONE = 'Europe/London';
/** Decimals of their money. */
export const SCALE = 3;

/** Somewhere that the figures of a shop can be read. */
export interface Source {
  readonly name: string;
  /** Since the shop's first event. */
  lifetime(shop: string): Promise<Figures>;
  /** The same by country. */
  byCountry(shop: string): Promise<Readonly<Record<string, Figures>>>;
  /** By month of the shop's time zone, such as `2011-11`; months without events are left out. */
  byMonth?(shop: string): Promise<Readonly<Record<string, Figures>>>;
}

/** All metrics, each read by `of`. */
export function figuresOf(of: (metric: Metric) => number): Figures {
  return Object.fromEntries(METRICS.map((metric) => [metric, of(metric)])) as Figures;
}

/** The entries in which anything happened, by name. */
export function withoutEmpty(entries: Iterable<readonly [string, Figures]>): Record<string, Figures> {
  return Object.fromEntries(
    [...entries]
      .filter(([, figures]) => Object.values(figures).some((value) => value !== 0))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Those figures that `wanted` has too. */
export function pick(figures: Partial<Figures>, wanted: Partial<Figures>): Partial<Figures> {
  return Object.fromEntries(Object.entries(figures).filter(([metric]) => metric in wanted));
}
