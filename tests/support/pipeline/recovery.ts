import type { Clock } from '../clock.ts';
import { until } from '../until.ts';
import type { Pipeline } from './pipeline.ts';

/** The bound on the time from a restart of the processor to its first new result. */
export const RECOVERY_MS = 15_000;

/**
 * Starts a processor that has ended, and waits for the first window that it writes; there must be records left.
 * @param clock measures the recovery
 * @param start starts the processor
 * @returns milliseconds of the clock from the start of the process to that window
 * @throws {Error} when none has come at the deadline of `until`
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
    const written = until(
      'the restarted processor writes a window',
      () => changes.tryNext(),
      (change) => change !== null,
    ).then(elapsed);
    const [ms] = await Promise.all([written, start()]);
    return ms;
  } finally {
    await changes.close();
  }
}
