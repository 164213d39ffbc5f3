import type { AskedEvents } from '@storepulse/contracts/grafana/validate-events';
import { appendFilters } from './appendFilters';

/**
 * Where the exporter lists some events of a range, latest first; undefined where nothing can match, since filters on one
 * field leave no value.
 */
export function eventsPath(
  { shop, filters, limit }: AskedEvents,
  { from, to }: { from: number; to: number },
): string | undefined {
  const search = new URLSearchParams({ shop, from: String(from), to: String(to), limit: String(limit) });
  return appendFilters(search, filters) ? `events?${search}` : undefined;
}
