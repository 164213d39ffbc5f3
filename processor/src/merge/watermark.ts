import type { CheckpointDocument } from '@storepulse/contracts';

/** A task whose checkpoint is older than this has no live owner. */
const LIVE_MS = 15_000;

/** A checkpoint as far as event-time progress is concerned. */
export type TaskProgress = Pick<CheckpointDocument, '_id' | 'watermarks' | 'caughtUp' | 'updatedAt'>;

/**
 * The instant before which no event of a shop is expected any more: the least over the tasks; null while one of
 * them can't tell, having neither seen the shop nor been read to its end by a live owner.
 */
export function shopWatermark(
  shop: string,
  tasks: readonly string[],
  progress: ReadonlyMap<string, TaskProgress>,
  latenessMs: number,
  now: number,
): number | null {
  let watermark = Number.POSITIVE_INFINITY;
  for (const task of tasks) {
    const state = progress.get(task);
    if (!state) return null;
    const idle = state.caughtUp && now - state.updatedAt.getTime() < LIVE_MS;
    const reached = state.watermarks[shop] ?? (idle ? now - latenessMs : null);
    if (reached === null) return null;
    watermark = Math.min(watermark, reached);
  }
  return watermark === Number.POSITIVE_INFINITY ? null : watermark;
}
