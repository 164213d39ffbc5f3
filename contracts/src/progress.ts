import type { CheckpointDocument } from './storage.ts';

/** Name of the group of tasks that count the fact topics; theirs are `facts/0`, `facts/1` and so on. */
export const FACT_TASKS = 'facts';

/**
 * A task that has read its partitions to their ends so long after a shop was met, and has not met it, has nothing of
 * the shop: its first events are sent to all partitions at the same time.
 */
export const SETTLING_MS = 5_000;

/**
 * When a shop was met first by any task, wall clock, epoch ms; 0 when an earlier release met it, and −∞ when none has.
 */
export function metAt(
  shop: string,
  tasks: Iterable<Pick<CheckpointDocument, 'watermarks' | 'since'>>,
): number {
  let met = Number.POSITIVE_INFINITY;
  for (const { watermarks, since } of tasks) {
    const time = since?.[shop] ?? (shop in watermarks ? 0 : Number.POSITIVE_INFINITY);
    met = Math.min(met, time);
  }
  return met === Number.POSITIVE_INFINITY ? Number.NEGATIVE_INFINITY : met;
}
