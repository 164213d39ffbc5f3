import {
  type Catalog,
  cellName,
  type MetricQuery,
  type MetricSpec,
  OTHER_VALUE,
  partsOf,
  UNKNOWN_VALUE,
} from '@storepulse/contracts';
import type { MetricStore } from '../store/store.ts';
import type { Allowance } from '../work/allowance.ts';
import type { TimeRange } from './buckets.ts';
import type { Notice } from './plan.ts';
import type { ResolvedQuery } from './resolve.ts';

/** Values that a remark names at most. */
const MOST_NAMED = 10;

/** What a query asks for in vain. */
export function describeIgnored({
  format,
  interval,
  groupBy,
  limit,
  order,
  share,
  cumulative,
}: MetricQuery): Notice[] {
  const texts: string[] = [];
  if (format === 'table' && interval !== undefined && interval !== 'auto' && interval !== 'all')
    texts.push(`A table answers the whole range: "interval" (${interval}) is not used.`);
  if (groupBy === undefined && limit !== undefined)
    texts.push(`Without "groupBy" there are no groups: "limit" (${limit}) is not used.`);
  if (groupBy === undefined && order !== undefined)
    texts.push(`Without "groupBy" there are no groups: "order" (${order}) is not used.`);
  if (groupBy === undefined && share)
    texts.push('Without "groupBy" there are no groups: "share" is not used.');
  if (format === 'table' && cumulative) texts.push('A table has one bucket: "cumulative" is not used.');
  return texts.map((text) => ({ severity: 'info', text }));
}

/** Says that figures are estimates, and how good. @param error as a share of the value; 0: they are exact */
export function describeEstimate(metric: MetricSpec, error: number): Notice[] {
  if (error === 0) return [];
  const percent = (error * 100).toFixed(1).replace(/\.0$/, '');
  return [{ severity: 'info', text: `${metric.title} is an estimate, within ${percent} %.` }];
}

/** Names the values of a query's filters that the shop has never had: a typing error looks like a quiet day otherwise. */
export async function describeUnknownValues(
  {
    query,
    parts,
    dimension,
    unmet,
  }: Pick<ResolvedQuery, 'parts' | 'dimension' | 'unmet'> & { query: Pick<MetricQuery, 'shop'> },
  { store, catalog }: { store: Pick<MetricStore, 'knownValues'>; catalog: Catalog },
  allowance: Allowance,
): Promise<Notice[]> {
  const asked = unmet().filter((value) => value !== OTHER_VALUE && value !== UNKNOWN_VALUE);
  if (!dimension || asked.length === 0) return [];
  const groups = groupsOf(dimension.name, parts, catalog);
  if (groups.length === 0) return [];
  const known = await store.knownValues(
    { shop: query.shop, groups, parts: partsOf(dimension), dimension: dimension.name },
    asked,
    { signal: allowance.signal, timeoutMs: allowance.leftMs() },
  );
  const unknown = asked.filter((value) => !known.has(value));
  if (unknown.length === 0) return [];
  const named = unknown.slice(0, MOST_NAMED).map((value) => `"${value}"`);
  const more = unknown.length > MOST_NAMED ? ` and ${unknown.length - MOST_NAMED} more` : '';
  const text = `${query.shop} has had no ${dimension.name} ${named.join(', ')}${more} so far: check the spelling in the filter.`;
  return [{ severity: 'warning', text }];
}

/**
 * Says when a metric or dimension that was added later began to be counted, where the range goes further back. The product's
 * own have no such remark: all of a store is counted with them.
 */
export async function describeSince(
  { metric, parts, dimension }: Pick<ResolvedQuery, 'metric' | 'parts' | 'dimension'>,
  { from }: TimeRange,
  store: Pick<MetricStore, 'countedSince'>,
): Promise<Notice[]> {
  const added = parts.filter((part) => part.kind === 'stored' && part.meaning !== undefined);
  if (added.length === 0) return [];
  const since = await store.countedSince();
  const begin = Math.max(0, ...added.map((part) => since.get(cellName(part)) ?? 0));
  if (begin <= from) return [];
  const what = dimension ? `${metric.name} by ${dimension.name}` : metric.name;
  const text = `${what} is counted since ${new Date(begin).toISOString()}: what the range has before it is not in the answer. npm run rebuild counts the past from the log.`;
  return [{ severity: 'info', text }];
}

/** The metric groups that tell which values a dimension has had: the metric's own, or for facts all that are kept by it. */
function groupsOf(name: string, parts: ResolvedQuery['parts'], catalog: Catalog): string[] {
  const own = parts.flatMap((part) => (part.kind === 'stored' ? [part.group] : []));
  if (own.length > 0) return [...new Set(own)];
  return [...catalog.groups]
    .filter(([, metrics]) => metrics.some((metric) => metric.dimensions.includes(name)))
    .map(([group]) => group);
}
