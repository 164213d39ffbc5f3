import { until } from '../until.ts';
import type { Pipeline } from './pipeline.ts';

/** The bound on the time from a restart of the processor to its first new result. */
export const RECOVERY_MS = 15_000;

/**
 * Starts a processor that has ended, and waits for the first window that it writes; there must be records left.
 * @param start starts it
 * @returns milliseconds from the start of the process to that window
 * @throws {Error} when none has come within three times the bound
 */
export async function firstResultAfter(
  { metrics }: Pipeline,
  start: () => Promise<unknown>,
): Promise<number> {
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
      3 * RECOVERY_MS,
    ).then(() => Date.now() - since.getTime());
    const [elapsed] = await Promise.all([written, start()]);
    return elapsed;
  } finally {
    await changes.close();
  }
}
