import { SimulatorError } from '../../errors.ts';
import type { Clock } from '../../run/clock.ts';
import type { CountedStore } from './store.ts';

/** What waiting needs. */
export interface WaitOptions {
  readonly counted: Pick<CountedStore, 'positions'>;
  readonly clock: Clock;
  /** Ends the wait early. */
  readonly signal?: AbortSignal;
}

const LOOK_EVERY_MS = 250;
/** What does not move for so long has stopped. */
const STUCK_MS = 60_000;

/**
 * Waits until the processor has counted a topic up to these ends, however long that takes, as long as it goes on.
 * @param ends next offset to write, by partition
 * @returns false when it was ended early
 * @throws {SimulatorError} `not-drained` when nothing has moved for a minute
 */
export async function untilCounted(
  ends: ReadonlyMap<number, number>,
  { counted, clock, signal }: WaitOptions,
): Promise<boolean> {
  let least = Number.POSITIVE_INFINITY;
  let movedAt = clock.now();
  while (!signal?.aborted) {
    const positions = await counted.positions();
    const left = [...ends].reduce(
      (sum, [partition, end]) => sum + Math.max(0, end - (positions.get(partition) ?? 0)),
      0,
    );
    if (left === 0) return true;
    if (left < least) {
      least = left;
      movedAt = clock.now();
    } else if (clock.now() - movedAt > STUCK_MS) {
      throw new SimulatorError(
        'not-drained',
        `Everything is sent, but ${left} records have waited for a minute to be counted. Does the processor run (npm run status)? Replay again when it does, to see what was counted; --unchecked does not wait.`,
      );
    }
    await clock.sleepUntil(clock.now() + LOOK_EVERY_MS);
  }
  return false;
}
