import type { Outcome, RowContext } from '../row.ts';
import type { Difference } from './oracle.ts';

/** Notes what comes of a row's repeats. */
export interface Attempts {
  /** Runs one repeat; one that throws has failed, and the row goes on. It returns the ms of its recovery, if any. */
  repeat(what: string, run: () => Promise<number | undefined>): Promise<void>;
  /** Notes repeats that are counted at once. */
  counted(repeats: number, passed: number): void;
  /** Notes what a pipeline shows at its end that it must not. */
  differences(found: readonly Difference[]): void;
  /** Notes that something else does not hold. */
  fail(what: string): void;
  /** Sets a further figure. */
  figure(name: string, value: number): void;
  outcome(): Outcome;
}

/** Failures that are told word by word. */
const TOLD = 10;

/** Begins with nothing noted. */
export function createAttempts({ onRepeat }: Pick<RowContext, 'onRepeat'>): Attempts {
  const failures: string[] = [];
  const figures: Record<string, number> = {};
  let repeats = 0;
  let passed = 0;
  let worst: number | undefined;
  let lost = 0;
  let double = 0;

  return {
    repeat: async (what, run) => {
      repeats += 1;
      try {
        const elapsed = await run();
        if (elapsed !== undefined) worst = Math.max(worst ?? 0, elapsed);
        passed += 1;
        onRepeat();
      } catch (error) {
        const failure = `${what}: ${(error as Error).message}`;
        failures.push(failure);
        onRepeat(failure);
      }
    },
    counted: (n, good) => {
      repeats += n;
      passed += good;
    },
    differences: (found) => {
      lost += found.filter(({ expected, shown }) => shown < expected).length;
      double += found.filter(({ expected, shown }) => shown > expected).length;
      for (const { cell, expected, shown } of found.slice(0, TOLD)) {
        failures.push(`${cell}: expected ${expected}, shown ${shown}`);
      }
    },
    fail: (what) => failures.push(what),
    figure: (name, value) => {
      figures[name] = value;
    },
    outcome: () => ({
      repeats,
      passed,
      ...(worst === undefined ? {} : { worstRecoveryMs: Math.round(worst) }),
      lost,
      double,
      figures,
      failures,
    }),
  };
}

/** A lane makes topics of its own and is judged as a whole: for fewer repeats it is not worth it. */
const REPEATS_OF_A_LANE = 6;

/**
 * Deals repeats out to pipelines that work side by side: most of a recovery is waiting for Kafka to notice a death.
 * @param lanes at most so many
 * @param work is given its lane's number and the repeats, by their numbers from 0, of which each lane takes the next
 * once it has done with one, so that none waits for another at the end
 */
export async function inLanes(
  lanes: number,
  repeats: number,
  work: (lane: number, repeats: Iterable<number>) => Promise<void>,
): Promise<void> {
  const all = Array.from({ length: repeats }, (_, n) => n).values();
  const length = Math.min(lanes, Math.ceil(repeats / REPEATS_OF_A_LANE));
  await Promise.all(Array.from({ length }, (_, lane) => work(lane, all)));
}
