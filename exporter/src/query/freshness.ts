import { type CheckpointDocument, FACT_TOPICS } from '@storepulse/contracts';

/** How far a shop's metrics reach, epoch ms. */
export interface Freshness {
  /** The latest event that was counted. */
  readonly lastEventTime: number;
  /** Everything before it has been counted, but for late events; null while a task can't tell yet. */
  readonly watermark: number | null;
}

/** The part of a checkpoint that freshness is read from. */
export type TaskProgress = Pick<CheckpointDocument, 'offsets' | 'watermarks' | 'latest'>;

/**
 * The freshness of each shop: the latest event of all tasks, and the least watermark of those that know the shop.
 * Only tasks that read fact topics count: customers and products change rarely, and no metric waits for them.
 */
export function freshnessByShop(tasks: readonly TaskProgress[]): ReadonlyMap<string, Freshness> {
  const byShop = new Map<string, Freshness>();
  for (const { offsets, watermarks, latest } of tasks) {
    if (!FACT_TOPICS.some((topic) => topic in offsets)) continue;
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
