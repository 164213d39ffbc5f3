import { BSON } from 'mongodb';
import type { Allowance } from '../work/allowance.ts';
import type { Steps } from '../work/pacer.ts';
import type { Funnel, FunnelTally } from './funnel.ts';
import type { VisitRow } from './visit-row.ts';

/** What is counted of visits. */
export interface VisitCounts {
  /** By group. */
  readonly tallies: ReadonlyMap<string, FunnelTally>;
  /** Visits that were read. */
  readonly visits: number;
  /** Visits that may have gone on in a moment that is not stored. */
  readonly untold: number;
  /** Begin of the earliest visit that goes on, epoch ms; undefined: all have ended. */
  readonly earliestOpen: number | undefined;
}

/** Adds visits up. */
export interface VisitCounter {
  /** Adds a batch of `VisitRow`s in BSON. */
  add(batch: readonly Buffer[]): Steps<void>;
  counts(): VisitCounts;
}

/** Visits between two places to rest. */
const VISITS_PER_STEP = 64;
/** Memory of a group's tally by step: its times take the most. */
const STEP_BYTES = 1_000;

/**
 * Builds what adds visits up to a tally for each group.
 * @param groupOf the group of a visit; undefined leaves it out
 * @param hold told of the memory that groups take
 */
export function createVisitCounter(
  funnel: Funnel,
  groupOf: (visit: VisitRow) => string | undefined,
  hold: Allowance['hold'],
): VisitCounter {
  const tallies = new Map<string, FunnelTally>();
  let visits = 0;
  let untold = 0;
  let earliestOpen: number | undefined;
  const tallyOf = (group: string): FunnelTally => {
    const known = tallies.get(group);
    if (known) return known;
    const tally = funnel.empty();
    hold(tally.reached.length * STEP_BYTES);
    tallies.set(group, tally);
    return tally;
  };
  return {
    add: function* (batch) {
      for (const document of batch) {
        if (++visits % VISITS_PER_STEP === 0) yield;
        const visit = BSON.deserialize(document) as VisitRow;
        const group = groupOf(visit);
        if (group === undefined) continue;
        if (funnel.add(tallyOf(group), visit)) untold++;
        if (!visit.settled) earliestOpen = Math.min(earliestOpen ?? visit.firstTime, visit.firstTime);
      }
    },
    counts: () => ({ tallies, visits, untold, earliestOpen }),
  };
}
