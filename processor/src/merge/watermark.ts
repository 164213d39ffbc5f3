import { type CheckpointDocument, metAt, SETTLING_MS } from '@storepulse/contracts';

/** A task whose checkpoint is older than this has no live owner. */
const LIVE_MS = 15_000;

/** A checkpoint as far as event-time progress is concerned. */
export type TaskProgress = Pick<
  CheckpointDocument,
  '_id' | 'watermarks' | 'caughtUp' | 'readAt' | 'updatedAt' | 'since'
>;

/**
 * The instant before which no event of a shop is expected any more: the least over the tasks; null while one of
 * them can't tell, having neither seen the shop nor been read to its end by a live owner since the shop was met.
 */
export function shopWatermark(
  shop: string,
  tasks: readonly string[],
  progress: ReadonlyMap<string, TaskProgress>,
  latenessMs: number,
  now: number,
): number | null {
  let watermark = Number.POSITIVE_INFINITY;
  const met = metAt(shop, progress.values());
  for (const task of tasks) {
    const state = progress.get(task);
    if (!state) return null;
    const { caughtUp, readAt, updatedAt } = state;
    const isLive = caughtUp && now - updatedAt.getTime() < LIVE_MS;
    const isSettled = readAt !== undefined && readAt.getTime() >= met + SETTLING_MS;
    // Up to then it has no event of the shop; nobody knows what has come since.
    const reached = state.watermarks[shop] ?? (isLive && isSettled ? readAt.getTime() - latenessMs : null);
    if (reached === null) return null;
    watermark = Math.min(watermark, reached);
  }
  return watermark === Number.POSITIVE_INFINITY ? null : watermark;
}
