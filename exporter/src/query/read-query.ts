import type { FactMetric, StoredMetric } from '@storepulse/contracts';
import { areTold } from '../depth/fact-metrics.ts';
import { COST_OF_ROWS, costOfFacts, costOfWindows } from './cost.ts';
import { planQuery } from './plan.ts';
import { readFacts } from './read-facts.ts';
import { readFactsOfLake, readRows } from './read-lake.ts';
import { lookAtWindows, readWindows } from './read-windows.ts';
import type { Look, Reading, ReadingContext, ReadingDeps } from './reading.ts';
import type { ResolvedQuery } from './resolve.ts';

/**
 * Reads what a query asks for, stored windows or the facts that its metric is computed from, and goes on with it while
 * the query has its place among those that are answered.
 * @param goOn told beside what was read how the windows were counted, where it is of windows
 * @param recall what is known of just these windows already, so that they need not be read
 */
export async function readQuery<T>(
  resolved: ResolvedQuery,
  context: ReadingContext,
  deps: ReadingDeps,
  goOn: (reading: Reading, look?: Look) => Promise<T>,
  recall: (look: Look) => T | undefined = () => undefined,
): Promise<T> {
  const { query, parts, dimension, split } = resolved;
  const { allowance } = context;
  const facts = parts.filter((part): part is FactMetric => part.kind === 'fact');
  if (facts.length > 0) {
    // Facts are kept for ever, so no range is too old for narrow buckets.
    const kept = { ...context, shop: { ...context.shop, retention: 'forever' as const } };
    const plan = await deps.pacer.run(planQuery(query, kept), allowance);
    // Combinations are told by nothing but the lake; while it is being read, facts tell the rest.
    if (deps.depth && areTold(facts) && (resolved.depth || deps.depth.state())) {
      const state = await deps.depth.current(allowance.signal);
      return deps.admission.admit(COST_OF_ROWS, allowance.signal, async () =>
        goOn(await readFactsOfLake(plan, state, resolved, facts, context, deps)),
      );
    }
    const { facts: source } = facts[0]!;
    const isKept =
      source === 'aims' || deps.snapshots.isKept(context.shop.shop, source, context.factsVersion);
    return deps.admission.admit(costOfFacts(isKept), allowance.signal, async () =>
      goOn(await readFacts(plan, resolved, facts, context, deps)),
    );
  }
  const stored = parts.filter((part): part is StoredMetric => part.kind === 'stored');
  if (resolved.depth) {
    // The lake keeps all events, so no range is too old for narrow buckets.
    const kept = { ...context, shop: { ...context.shop, retention: 'forever' as const } };
    const plan = await deps.pacer.run(planQuery(query, kept, split.ofTime), allowance);
    // Its reach is read before its rows: rows that come in between are more than it promises. Who waits for it takes no place.
    const state = await deps.depth!.current(allowance.signal);
    return deps.admission.admit(COST_OF_ROWS, allowance.signal, async () =>
      goOn(await readRows(plan, state, resolved, stored, context, deps)),
    );
  }
  const plan = await deps.pacer.run(planQuery(query, context, split.ofTime), allowance);
  const cost = costOfWindows(plan.tiles, new Set(stored.map(({ group }) => group)).size, dimension);
  return deps.admission.admit(cost, allowance.signal, async () => {
    const began = performance.now();
    const look = await lookAtWindows(plan, resolved, stored, context, deps);
    return recall(look) ?? goOn(await readWindows(look, resolved, stored, context, deps, began), look);
  });
}
