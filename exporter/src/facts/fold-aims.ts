import { TOTAL_VALUE } from '@storepulse/contracts';
import type { TimeRange } from '../query/buckets.ts';
import type { Steps } from '../work/pacer.ts';
import type { Add, FactFold } from './fold-facts.ts';

/** Buckets between two places to rest. */
const BUCKETS_PER_STEP = 64;

/** Adds what the shop aims at on its days to the buckets that they are in. The lifetime has no end, and so no aim. */
export function* foldAims(aims: readonly number[], fold: FactFold, add: Add): Steps<void> {
  const { buckets, groupOf, calendar } = fold;
  for (const aim of aims) {
    for (const [index, bucket] of buckets.entries()) {
      if (index % BUCKETS_PER_STEP === 0) yield;
      if (!Number.isFinite(bucket.to)) continue;
      add(groupOf(TOTAL_VALUE), index, index + 1, { netSales: yield* aimedIn(bucket, aim, calendar) });
    }
  }
}

/** Of days that are partly in a bucket their share, rounded so that the parts of a day add up to its aim. */
function* aimedIn({ from, to }: TimeRange, aim: number, calendar: FactFold['calendar']): Steps<number> {
  let sum = 0;
  let days = 0;
  for (let day = calendar.dayStart(from); day < to; day = calendar.dayEnd(day)) {
    if (++days % BUCKETS_PER_STEP === 0) yield;
    const length = calendar.dayEnd(day) - day;
    const upTo = (time: number) => Math.round((aim * Math.min(Math.max(0, time - day), length)) / length);
    sum += upTo(to) - upTo(from);
  }
  return sum;
}
