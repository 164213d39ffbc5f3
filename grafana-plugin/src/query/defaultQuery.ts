import type { StorepulseQuery } from '../types';

/** What a new query asks: a metric is among it because Explore runs no query without content of its own. */
export const DEFAULT_QUERY = {
  metric: 'net_sales',
  interval: 'auto',
  format: 'time_series',
} as const satisfies Partial<StorepulseQuery>;
