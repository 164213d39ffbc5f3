import type { Clock } from '../../support/clock.ts';
import { untilDrained } from '../../support/pipeline/drained.ts';
import type { Lane } from './lane.ts';

/** The bound on the time until a cluster that lost a server shows everything again. */
export const LEVEL_MS = 30_000;
/** Enough to reach every partition. */
const EVENTS = 200;

/**
 * Feeds events, which have to be acknowledged, counted and merged, all of them: so every partition goes on.
 * @returns ms of the clock until they were
 * @throws {Error} when they are more than a recovery may take
 */
export async function untilLevel(lane: Lane, clock: Clock): Promise<number> {
  const elapsed = await clock.start();
  await lane.feed(EVENTS);
  await untilDrained(lane.pipeline);
  const ms = elapsed();
  if (ms > LEVEL_MS) throw new Error(`it took ${Math.round(ms)} ms, more than ${LEVEL_MS}`);
  return ms;
}
