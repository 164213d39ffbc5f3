import type { LakeTask } from '@storepulse/lake';
import { freshnessByShop, type TaskProgress } from '../query/freshness.ts';

/** How far counting had come at one instant. */
interface Mark {
  /** By `topic/partition`: the next offset to be counted. */
  readonly offsets: ReadonlyMap<string, number>;
  /** By shop: everything before it (epoch ms) had been counted. */
  readonly watermarks: ReadonlyMap<string, number>;
}

/** Marks that are waited for: of some minutes. */
const MOST_MARKS = 60;

/** Tells up to when the lake has all events of a shop. */
export interface Reach {
  /**
   * Takes note of what was counted, read before the lake, and of how far the lake goes.
   * @returns by shop: everything before it (epoch ms) is in the lake, but for late events. Shops that it can't tell of yet are missing
   */
  note(
    progress: readonly TaskProgress[],
    tasks: readonly Pick<LakeTask, '_id' | 'next'>[],
  ): ReadonlyMap<string, number>;
}

/**
 * Builds what tells how far the lake reaches, by the stream's own watermarks: once the lake has all that was counted at some instant, it has
 * all that the watermarks of that instant promise.
 */
export function createReach(): Reach {
  const waiting: Mark[] = [];
  const reached = new Map<string, number>();
  return {
    note: (progress, tasks) => {
      const watermarks = new Map(
        [...freshnessByShop(progress)].flatMap(([shop, { watermark }]) =>
          watermark === null ? [] : [[shop, watermark] as const],
        ),
      );
      waiting.push({ offsets: offsetsOf(progress), watermarks });
      const archived = new Map(tasks.map(({ _id, next }) => [_id, next ?? 0]));
      const isPassed = ({ offsets }: Mark) =>
        [...offsets].every(([partition, offset]) => offset === 0 || (archived.get(partition) ?? 0) >= offset);
      const last = waiting.findLastIndex(isPassed);
      if (last >= 0) {
        for (const [shop, time] of waiting[last]!.watermarks)
          reached.set(shop, Math.max(time, reached.get(shop) ?? 0));
        waiting.splice(0, last + 1);
      }
      // Of those that are waited for long, every second one: what is passed later tells as much.
      if (waiting.length > MOST_MARKS)
        for (let at = waiting.length - 2; at >= 0; at -= 2) waiting.splice(at, 1);
      return new Map(reached);
    },
  };
}

/** The partition of a task is the last part of its id: `facts/3`. */
function offsetsOf(progress: readonly TaskProgress[]): Map<string, number> {
  return new Map(
    progress.flatMap(({ _id, offsets }) => {
      const partition = _id?.slice(_id.lastIndexOf('/') + 1);
      return Object.entries(offsets).map(([topic, offset]) => [`${topic}/${partition}`, offset] as const);
    }),
  );
}
