import type { CheckpointDocument } from '@storepulse/contracts';

/** How far a shop's metrics reach, epoch ms. */
export interface Freshness {
  /** The latest event that was counted. */
  readonly lastEventTime: number;
  /** Everything before it has been counted, but for late events; null while a task can't tell yet. */
  readonly watermark: number | null;
}

/** The part of a checkpoint that freshness is read from. */
export type TaskProgress = Pick<CheckpointDocument, 'watermarks' | 'latest'>;

/** The freshness of each shop: the latest event of all tasks, and the least watermark of those that know the shop. */
export function freshnessByShop(tasks: readonly TaskProgress[]): ReadonlyMap<string, Freshness> {
  const byShop = new Map<string, Freshness>();
  for (const { watermarks, latest } of tasks) {
    for (const [shop, lastEventTime] of Object.entries(latest)) {
      const watermark = watermarks[shop] ?? null;
      const known = byShop.get(shop) ?? { lastEventTime, watermark };
      byShop.set(shop, {
        lastEventTime: Math.max(known.lastEventTime, lastEventTime),
        watermark:
          watermark === null || known.watermark === null ? null : Math.min(known.watermark, watermark),
      });
    }
  }
  return byShop;
}
