import { QUERY_VERSION } from '@storepulse/contracts/grafana/migrate-query';
import type { StorepulseQuery } from '../types';

/** What a new query asks: a metric is among it because Explore runs no query without content of its own. */
export const DEFAULT_QUERY = {
  version: QUERY_VERSION,
  metric: 'net_sales',
  interval: 'auto',
  format: 'time_series',
} as const satisfies Partial<StorepulseQuery>;
