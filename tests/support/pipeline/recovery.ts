import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { Pipeline } from './pipeline.ts';

/** The bound on the time from a restart of the processor to its first new result. */
export const RECOVERY_MS = 15_000;
/** Generous: a machine that is busy must not fail a test. */
const DEADLINE_MS = 300_000;
const AFTER_FAILURE_MS = 250;

/**
 * Starts a processor that has ended, and waits for the first window that it writes; there must be records left.
 * @param clock measures the recovery
 * @param start starts the processor
 * @returns milliseconds of the clock from the start of the process to that window
 * @throws {Error} when none has come within five minutes
 */
export async function firstResultAfter(
  { metrics }: Pipeline,
  clock: Clock,
  start: () => Promise<unknown>,
): Promise<number> {
  const elapsed = await clock.start();
  const since = new Date();
  // What the ended process had sent may still be on its way: it carries an earlier time.
  const isNew = { $match: { 'fullDocument.updatedAt': { $gte: since } } };
  const changes = metrics.watch([isNew], { maxAwaitTimeMS: 100 });
  try {
    await changes.tryNext();
    const written = firstOf(changes, Date.now() + DEADLINE_MS).then(elapsed);
    const [ms] = await Promise.all([written, start()]);
    return ms;
  } finally {
    await changes.close();
  }
}

/** Asks without a pause: a look waits for a change by itself, and a pause would be measured as recovery. */
async function firstOf(changes: { tryNext(): Promise<unknown> }, deadline: number): Promise<void> {
  let failure: unknown;
  while (Date.now() < deadline) {
    try {
      if ((await changes.tryNext()) !== null) return;
    } catch (error) {
      failure = error;
      await sleep(AFTER_FAILURE_MS);
    }
  }
  throw new Error(`The restarted processor wrote no window within ${DEADLINE_MS / 1_000} s`, {
    cause: failure,
  });
}
