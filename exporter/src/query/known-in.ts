import { OTHER_VALUE, windowEnd, windowStart, type ZoneCalendar } from '@storepulse/contracts';
import type { Steps } from '../work/pacer.ts';
import { bucketAt } from './buckets.ts';
import { knownBuckets } from './known.ts';
import type { Reading } from './reading.ts';
import type { Split } from './split.ts';
import { bucketsWith } from './unmerged.ts';

/** Windows between two places to rest. */
const WINDOWS_PER_STEP = 64;

/** By bucket of a group: whether nothing stored means that nothing happened. */
export type KnownOf = (group: string) => readonly boolean[];

/**
 * Tells for what was read where nothing stored means nothing happened. Where hours or weekdays are told apart, that is only
 * where there is such an hour: a day has no Monday.
 */
export function* knownIn(
  reading: Pick<Reading, 'plan' | 'grouped' | 'unmerged' | 'firstDay' | 'until'>,
  split: Split,
  calendar: ZoneCalendar,
): Steps<KnownOf> {
  const { plan, grouped, unmerged } = reading;
  const { buckets } = plan;
  const whole = knownBuckets(buckets, grouped.covered, bucketsWith(buckets, unmerged), reading);
  if (split.ofTime.length === 0) return () => whole;
  const bySlot = yield* knownSlots(reading, split, calendar);
  const none = buckets.map(() => false);
  return (group) => {
    // What is left over is of several slots.
    if (group === OTHER_VALUE) return whole;
    return bySlot.get(split.slotOfGroup(group)) ?? none;
  };
}

function* knownSlots(
  { plan, unmerged, firstDay, until }: Pick<Reading, 'plan' | 'unmerged' | 'firstDay' | 'until'>,
  split: Split,
  calendar: ZoneCalendar,
): Steps<ReadonlyMap<string, boolean[]>> {
  const { buckets, tiles } = plan;
  const bySlot = new Map<string, boolean[]>();
  const mark = (start: number, known: boolean): void => {
    const slot = split.slotOf(start, calendar);
    // A table's only bucket is its range, and windows at its edges may begin before it.
    const bucket = buckets.length === 1 ? 0 : bucketAt(buckets, start);
    if (slot === undefined || bucket < 0) return;
    const row = bySlot.get(slot) ?? buckets.map(() => false);
    row[bucket] = known;
    bySlot.set(slot, row);
  };
  if (firstDay === null) return bySlot;
  let looked = 0;
  for (const { resolution, from, to } of tiles) {
    const end = Math.min(to, until);
    let at: number = windowStart(resolution, Math.max(from, firstDay), calendar);
    while (at < end) {
      mark(at, true);
      at = windowEnd(resolution, at, calendar)!;
      if (++looked % WINDOWS_PER_STEP === 0) yield;
    }
  }
  for (const { start } of unmerged) mark(start, false);
  return bySlot;
}
