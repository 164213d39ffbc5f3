import { type MetricSpec, OTHER_VALUE, type PartMetric } from '@storepulse/contracts';
import type { Steps } from '../work/pacer.ts';
import type { Grouped } from './grouped.ts';
import { type Ranking, type TopGroups, topGroups } from './top-groups.ts';

/**
 * The groups of another metric, whatever this one's values are, so that both can be put side by side. As far as the limit goes
 * the greatest of the others follow; the rest is merged as `other`.
 * @param leading groups of the other metric's answer
 */
export function* ledGroups(
  leading: readonly string[],
  grouped: Grouped,
  metric: MetricSpec,
  parts: readonly PartMetric[],
  ranking: Ranking,
): Steps<TopGroups> {
  const values = leading.filter((value) => value !== OTHER_VALUE);
  const places = new Map(grouped.values.map((value, group) => [value, group]));
  const led = values.map((value) => ({ value, members: [places.get(value) ?? []].flat() }));
  const limit = Math.max(0, ranking.limit - led.length);
  const own = yield* topGroups(grouped, metric, parts, { ...ranking, limit, without: new Set(values) });
  const hasOther = own.groups.some(({ value }) => value === OTHER_VALUE);
  const empty = leading.includes(OTHER_VALUE) && !hasOther ? [{ value: OTHER_VALUE, members: [] }] : [];
  return { groups: [...led, ...own.groups, ...empty], folded: own.folded };
}
