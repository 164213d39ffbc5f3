/** Widths of a bucket that a query may ask for; `auto` fits the range to `maxDataPoints`. */
// biome-ignore format: one line shows the order
export const INTERVALS = ['auto', '10s', '1m', '5m', '15m', '1h', '6h', '1d', '1w', '1M', '3M', '1y', 'all'] as const;
/** Width of a bucket. Days, weeks, months, quarters and years are those of the shop's time zone. */
export type Interval = (typeof INTERVALS)[number];
