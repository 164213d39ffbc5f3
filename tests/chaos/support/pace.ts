import { setTimeout as sleep } from 'node:timers/promises';

const TICK_MS = 100;

/**
 * Does something ten times a second for a while, on a schedule that does not wait for it: an open loop.
 * @param act is told how many ms of the schedule it is to make up for
 * @returns when all that was begun has ended
 */
export async function atPace(ms: number, act: (ms: number) => Promise<unknown>): Promise<void> {
  const began = performance.now();
  const begun: Promise<unknown>[] = [];
  for (let at = 0; at < ms; at += TICK_MS) {
    await sleep(Math.max(0, began + at - performance.now()));
    begun.push(act(TICK_MS));
  }
  await Promise.all(begun);
}

/** The value below which a share of some numbers lies; they need not be in order. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
