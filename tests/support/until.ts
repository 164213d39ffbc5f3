import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';

const LOOK_EVERY_MS = 250;
/** Looking takes a tenth of the time at most, so that it does not slow down what is waited for. */
const PAUSE_PER_LOOK = 9;
const DEADLINE_MS = 300_000;

/**
 * Looks again and again until what is seen is as wanted, and returns it.
 * @param what the condition in words, for the failure
 * @param look a look that throws counts as "not yet"
 * @param timeoutMs generous: a machine that is busy must not fail a test. @default 5 min
 * @throws {Error} at the deadline, telling what was seen last
 */
export async function until<T>(
  what: string,
  look: () => Promise<T> | T,
  isAsWanted: (seen: T) => boolean,
  timeoutMs = DEADLINE_MS,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const began = performance.now();
    const seen = await Promise.resolve()
      .then(look)
      .then(
        (value) => ({ value, wanted: isAsWanted(value) }),
        (error: unknown) => ({ error, wanted: false as const }),
      );
    if (seen.wanted && 'value' in seen) return seen.value;
    if (Date.now() > deadline) {
      const last = inspect('value' in seen ? seen.value : seen.error, { depth: 4, breakLength: 120 });
      throw new Error(`Not within ${timeoutMs / 1_000} s: ${what}. Seen last: ${last}`);
    }
    await sleep(Math.max(LOOK_EVERY_MS, PAUSE_PER_LOOK * (performance.now() - began)));
  }
}
