import type { Clock } from '../../support/clock.ts';
import type { Pipeline } from '../../support/pipeline/pipeline.ts';
import { RECOVERY_MS } from '../../support/pipeline/recovery.ts';
import { until } from '../../support/until.ts';

/**
 * Waits for a window that is written from now on; traffic must go on.
 * @returns ms of the clock until there was one
 * @throws {Error} when they are more than a recovery may take
 */
export async function untilNewResult({ metrics }: Pipeline, clock: Clock): Promise<number> {
  const stopwatch = await clock.start();
  const since = new Date();
  const elapsed = await until(
    'a new window is written',
    () => metrics.countDocuments({ updatedAt: { $gte: since } }, { limit: 1 }),
    (n) => n > 0,
  ).then(stopwatch);
  if (elapsed > RECOVERY_MS) throw new Error(`recovery took ${elapsed} ms, more than ${RECOVERY_MS}`);
  return elapsed;
}
