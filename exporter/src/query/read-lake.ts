import { type FactMetric, type StoredMetric, TOTAL_VALUE } from '@storepulse/contracts';
import type { DepthState } from '../depth/depth.ts';
import { groupedFacts, groupedRows } from './grouped.ts';
import type { Plan } from './plan.ts';
import { MAX_POINTS, type Reading, type ReadingContext, type ReadingDeps } from './reading.ts';
import type { ResolvedQuery } from './resolve.ts';

/**
 * Adds up rows of the lake, for a combination that no cell has.
 * @param state how far the rows reach: read before them
 */
export async function readRows(
  plan: Plan,
  state: DepthState,
  { split, depth: filters = [] }: ResolvedQuery,
  metrics: readonly StoredMetric[],
  context: ReadingContext,
  { depth, pacer }: ReadingDeps,
): Promise<Reading> {
  const began = performance.now();
  const { shop, calendar, allowance } = context;
  const { buckets, tiles } = plan;
  const firstDay = await allowance.orAborted(context.firstDay());
  const range = {
    from: tiles[0]?.from ?? 0,
    to: plan.interval === 'all' ? Number.POSITIVE_INFINITY : (tiles.at(-1)?.to ?? 0),
  };
  const question = {
    shop: shop.shop,
    range,
    buckets,
    metrics,
    split,
    filters,
    calendar,
    maxCells: MAX_POINTS,
  };
  const { groups, rows } = await depth!.sums(question, allowance.signal, (steps) =>
    pacer.run(steps, allowance),
  );
  const covered = buckets.map((_, i) => [...groups.values()].some((row) => row[i] !== undefined));
  const grouped = groupedRows(groups, covered, metrics);
  return readingOfLake({ plan, grouped, firstDay, documents: rows, began }, state, context);
}

/** Adds up facts that the lake tells. Like `readRows` otherwise. */
export async function readFactsOfLake(
  plan: Plan,
  state: DepthState,
  resolved: ResolvedQuery,
  metrics: readonly FactMetric[],
  context: ReadingContext,
  { depth, pacer }: ReadingDeps,
): Promise<Reading> {
  const began = performance.now();
  const { parts, dimension, split, depth: filters } = resolved;
  const { shop, calendar, now, allowance } = context;
  const { buckets } = plan;
  const firstDay = await allowance.orAborted(context.firstDay());
  const how = filters
    ? {
        dimensions: split.dimensions.map(({ name }) => name),
        filters,
        groupOf: (values: readonly string[]) => split.groupOfAll(values, ''),
      }
    : {
        dimensions: dimension ? [dimension.name] : [],
        filters: [],
        groupOf: ([value = TOTAL_VALUE]: readonly string[]) => resolved.groupOf(value, ''),
      };
  const question = { shop: shop.shop, buckets, metrics, ...how, calendar, now, maxCells: MAX_POINTS };
  const { groups, rows } = await depth!.factSums(question, allowance.signal, (steps) =>
    pacer.run(steps, allowance),
  );
  const covered = buckets.map(() => false);
  const grouped = groupedFacts(groups, covered, parts);
  return readingOfLake({ plan, grouped, firstDay, documents: rows, began }, state, context);
}

function readingOfLake(
  {
    began,
    ...read
  }: Pick<Reading, 'plan' | 'grouped' | 'firstDay' | 'documents'> & { readonly began: number },
  state: DepthState,
  { shop, until: counted }: ReadingContext,
): Reading {
  const until = Math.min(counted, state.until.get(shop.shop) ?? 0);
  return {
    ...read,
    until,
    // Rows wait for no merging.
    unmerged: [],
    isAsCounted: false,
    resolution: 'lake',
    readMs: performance.now() - began,
    readAt: state.readAt,
    lake: reachOf(state, until),
  };
}

/** How far an answer from the lake reaches. @param until everything before it is in it, epoch ms */
export const reachOf = ({ seamAt, tail }: DepthState, until: number): NonNullable<Reading['lake']> => ({
  ...{ seamAt, until },
  ...(tail ? { tail } : {}),
});
