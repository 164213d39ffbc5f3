import {
  aggregators,
  type DistributionState,
  type FunnelQuery,
  SESSION_STEPS,
  type VisitStep,
} from '@storepulse/contracts';
import { ExporterError } from '../errors.ts';
import type { VisitRow } from './visit-row.ts';

/** What is counted of a group of visits. All lists are by step. */
export interface FunnelTally {
  /** Visits that reached a step. */
  readonly reached: number[];
  /** Of these, the ones with the first step. */
  readonly withFirst: number[];
  /** Of these, the ones with the step in front. */
  readonly withPrevious: number[];
  /** Times from the step in front, ms. */
  readonly times: DistributionState[];
}

/** A funnel of which visits are counted. */
export interface Funnel {
  /** An empty tally. */
  empty(): FunnelTally;
  /** Counts a visit; returns whether its stored moments left open if it went on. */
  add(tally: FunnelTally, visit: VisitRow): boolean;
  /** Adds a tally to another. */
  merge(into: FunnelTally, from: FunnelTally): void;
}

const { zero, add, merge } = aggregators.distribution;

/**
 * Builds a funnel.
 * @throws {ExporterError} `invalid_request` for an order of steps that the stored moments can't tell
 */
export function createFunnel({ steps, open = false }: Pick<FunnelQuery, 'steps' | 'open'>): Funnel {
  checkSteps(steps, open);
  const zeros = () => steps.map(() => 0);
  const count = (tally: FunnelTally, step: number, hasFirst: boolean, hasPrevious: boolean) => {
    tally.reached[step]!++;
    if (hasFirst) tally.withFirst[step]!++;
    if (hasPrevious) tally.withPrevious[step]!++;
  };
  const addTime = ({ times }: FunnelTally, step: number, time: number) => {
    times[step] = add(times[step]!, time) as DistributionState;
  };

  const addClosed = (tally: FunnelTally, visit: VisitRow): boolean => {
    let at = visit.firstTime;
    for (let i = 0; i < steps.length; i++) {
      const moments = momentsOf(visit, steps[i]!);
      const next = moments.find((moment) => moment >= at);
      // The earliest moments are stored: where all places are taken, a later one may be missing.
      if (next === undefined) return moments.length === placesOf(steps[i]!);
      count(tally, i, true, i > 0);
      if (i > 0) addTime(tally, i, next - at);
      at = next;
    }
    return false;
  };
  const addOpen = (tally: FunnelTally, visit: VisitRow): boolean => {
    const firsts = steps.map((step) => momentsOf(visit, step)[0]);
    firsts.forEach((first, i) => {
      if (first === undefined) return;
      const previous = i === 0 ? undefined : firsts[i - 1];
      count(tally, i, firsts[0] !== undefined, previous !== undefined);
      if (previous !== undefined && first >= previous) addTime(tally, i, first - previous);
    });
    return false;
  };

  return {
    empty: () => ({
      reached: zeros(),
      withFirst: zeros(),
      withPrevious: zeros(),
      times: steps.map(() => zero() as DistributionState),
    }),
    add: open ? addOpen : addClosed,
    merge: (into, from) => {
      for (const list of ['reached', 'withFirst', 'withPrevious'] as const)
        from[list].forEach((n, i) => {
          into[list][i]! += n;
        });
      from.times.forEach((times, i) => {
        into.times[i] = merge(into.times[i]!, times) as DistributionState;
      });
    },
  };
}

function momentsOf({ firstTime, steps }: VisitRow, step: VisitStep): readonly number[] {
  return step === 'visited' ? [firstTime] : (steps[step] ?? []);
}

/** How many moments of a step are stored at most. */
const placesOf = (step: VisitStep): number => (step === 'visited' ? 1 : SESSION_STEPS[step].keep);

function checkSteps(steps: readonly VisitStep[], open: boolean): void {
  if (steps.indexOf('visited') > 0)
    throw new ExporterError('invalid_request', '"visited" is where each visit begins: put it first');
  if (open) return;
  const begin = steps[0] === 'visited' ? 1 : 0;
  const untold = steps.find((step, i) => i > begin && placesOf(step) === 1);
  if (untold === undefined) return;
  const before = steps[steps.indexOf(untold) - 1];
  throw new ExporterError(
    'invalid_request',
    `of "${untold}" only the first moment is stored with a visit, so whether it came again after "${before}" can't be told: ` +
      `put it in front of the other steps, or ask for an open funnel ("open": true)`,
  );
}
