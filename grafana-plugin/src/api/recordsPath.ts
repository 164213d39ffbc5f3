import { namesOfKind } from '@storepulse/contracts/grafana/record-kinds';
import type { AskedRecords } from '@storepulse/contracts/grafana/validate-records';
import { appendFilters } from './appendFilters';

/**
 * Where the exporter lists or finds some records; those that have a time are those of the range. Undefined where nothing can
 * match, since filters on one field leave no value.
 */
export function recordsPath(
  { shop, kind, search: text, filters, sort, limit }: AskedRecords,
  { from, to }: { from: number; to: number },
): string | undefined {
  if (text !== undefined) {
    return `search?${new URLSearchParams({ shop, q: text, kinds: kind, limit: String(limit) })}`;
  }
  const search = new URLSearchParams({
    shop,
    ...(namesOfKind(kind)?.hasRange ? { from: String(from), to: String(to) } : {}),
    ...(sort === undefined ? {} : { sort }),
    limit: String(limit),
  });
  return appendFilters(search, filters) ? `${kind}?${search}` : undefined;
}
