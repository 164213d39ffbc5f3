import { type MetricSpec, OTHER_VALUE, type PartMetric } from '@storepulse/contracts';
import type { Steps } from '../work/pacer.ts';
import { evaluateMetric } from './evaluate-metric.ts';
import type { Grouped } from './grouped.ts';

/** A group of an answer. */
export interface Group {
  readonly value: string;
  /** The groups that were read, by index, that it is made of; none: nothing was read. */
  readonly members: readonly number[];
}

/** The groups of an answer. */
export interface TopGroups {
  /** Greatest first, or least first, then `other`. */
  readonly groups: readonly Group[];
  /** How many values were put into `other`. */
  readonly folded: number;
}

interface Ranked {
  readonly group: number;
  readonly value: string;
  readonly rank: number;
}

/** Groups between two places to rest. */
const GROUPS_PER_STEP = 64;

/** Which groups are kept. */
export interface Ranking {
  readonly limit: number;
  /** The least instead of the greatest; groups without a value come last all the same. @default false */
  readonly least?: boolean;
  /** Values that are no candidates, and not left over either. @default none */
  readonly without?: ReadonlySet<string>;
}

/**
 * The `limit` greatest groups by the metric's value over all buckets, the rest merged as `other`, where values
 * outside the dimension's domain already are. A ratio's groups rank by denominator, so that a single lucky visit
 * does not lead.
 */
export function* topGroups(
  grouped: Grouped,
  metric: MetricSpec,
  parts: readonly PartMetric[],
  { limit, least = false, without }: Ranking,
): Steps<TopGroups> {
  const { values } = grouped;
  const top: Ranked[] = [];
  const rest: number[] = [];
  for (let group = 0; group < values.length; group++) {
    const value = values[group]!;
    if (value === OTHER_VALUE || without?.has(value)) continue;
    const { value: number, denominator } = evaluateMetric(metric, parts, yield* grouped.total(group));
    const rank = denominator ?? number;
    const candidate = { group, value, rank: rank === null ? Number.NEGATIVE_INFINITY : least ? -rank : rank };
    const place = placeOf(top, candidate);
    if (place < limit) top.splice(place, 0, candidate);
    else rest.push(group);
    if (top.length > limit) rest.push(top.pop()!.group);
    if (group % GROUPS_PER_STEP === 0) yield;
  }
  const other = values.indexOf(OTHER_VALUE);
  const members = other < 0 ? rest : [...rest, other];
  const named = top.map(({ group, value }) => ({ value, members: [group] }));
  const groups = members.length > 0 ? [...named, { value: OTHER_VALUE, members }] : named;
  return { groups, folded: rest.length };
}

/** How many of the groups, greatest first, come before another one. */
function placeOf(top: readonly Ranked[], { rank, value }: Ranked): number {
  let low = 0;
  let high = top.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = top[middle]!;
    if (other.rank > rank || (other.rank === rank && other.value < value)) low = middle + 1;
    else high = middle;
  }
  return low;
}
