import type { StorepulseQuery } from '../types';
import { QUERY_VERSION } from './migrateQuery';

/** What a new query asks: a metric is among it because Explore runs no query without content of its own. */
export const DEFAULT_QUERY = {
  version: QUERY_VERSION,
  metric: 'net_sales',
  interval: 'auto',
  format: 'time_series',
} as const satisfies Partial<StorepulseQuery>;
