import type { FactMetric } from '@storepulse/contracts';
import { foldFacts } from '../facts/fold-facts.ts';
import type { DatedSnapshot, KeptSource } from '../facts/snapshots.ts';
import { groupedFacts } from './grouped.ts';
import type { Plan } from './plan.ts';
import { MAX_POINTS, type Reading, type ReadingContext, type ReadingDeps } from './reading.ts';
import type { ResolvedQuery } from './resolve.ts';

/** Folds the facts that metrics are computed from. */
export async function readFacts(
  plan: Plan,
  { parts, dimension, groupOf }: ResolvedQuery,
  metrics: readonly FactMetric[],
  context: ReadingContext,
  { snapshots, pacer }: ReadingDeps,
): Promise<Reading> {
  const { shop, calendar, now, factsVersion, allowance } = context;
  const { buckets } = plan;
  const source = metrics[0]!.facts;
  const firstDay = await allowance.orAborted(context.firstDay());
  const { content, documents, readMs, readAt, until } =
    source === 'aims'
      ? aimsOf(context)
      : ((await snapshots.get(
          shop.shop,
          source,
          factsVersion,
          context.until,
          allowance.signal,
        )) as DatedSnapshot<KeptSource>);
  const ofValue = (value: string) => groupOf(value, '');
  const fold = { metrics, buckets, dimension, groupOf: ofValue, calendar, now, maxCells: MAX_POINTS };
  const sums = await pacer.run(foldFacts(source, content, fold), allowance);
  // Products are known as they are now, not as they were; what is not aimed at is not an aim of zero.
  const isNowOnly = source === 'products';
  const isAim = source === 'aims';
  const covered = buckets.map((_, i) => isNowOnly && i === buckets.length - 1);
  return {
    plan,
    grouped: groupedFacts(sums, covered, parts),
    firstDay: isNowOnly || isAim ? null : firstDay,
    until,
    // Facts are committed together with what was counted: they wait for no merging.
    unmerged: [],
    isAsCounted: false,
    resolution: 'facts',
    documents,
    readMs,
    readAt,
  };
}

/** What the shop aims at, in the form of a snapshot: its record has been read for the request. */
function aimsOf({ shop: { dailyTarget }, until, now: readAt }: ReadingContext) {
  const content = dailyTarget === undefined ? [] : [dailyTarget];
  return { content, documents: 1, readMs: 0, readAt, until };
}
