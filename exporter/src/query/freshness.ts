import { type CheckpointDocument, FACT_TASKS, FACT_TOPICS, metAt, SETTLING_MS } from '@storepulse/contracts';

/** How far a shop's metrics reach, epoch ms. */
export interface Freshness {
  /** The latest event that was counted. */
  readonly lastEventTime: number;
  /** Everything before it has been counted, but for late events; null while a task can't tell yet. */
  readonly watermark: number | null;
}

/** The part of a checkpoint that freshness is read from. */
export type TaskProgress = Pick<
  CheckpointDocument,
  'offsets' | 'watermarks' | 'latest' | 'since' | 'levelAt'
> &
  Partial<Pick<CheckpointDocument, '_id'>>;

/**
 * The freshness of each shop: the latest event of all tasks, and the least of their watermarks. A task that has not met
 * the shop can tell only once it has read its partitions to their ends some seconds after the shop was met.
 * Only tasks that read fact topics count: customers and products change rarely, and no metric waits for them.
 */
export function freshnessByShop(tasks: readonly TaskProgress[]): ReadonlyMap<string, Freshness> {
  const counting = tasks.filter(readsFacts);
  const shops = new Set(counting.flatMap(({ latest }) => Object.keys(latest)));
  return new Map(
    [...shops].map((shop) => {
      const met = metAt(shop, counting);
      const reached = counting.map((task) => reachedBy(task, shop, met));
      return [
        shop,
        {
          lastEventTime: Math.max(...counting.map(({ latest }) => latest[shop] ?? Number.NEGATIVE_INFINITY)),
          watermark: reached.includes(null) ? null : Math.min(...reached.filter((time) => time !== null)),
        },
      ];
    }),
  );
}

/** A task that was claimed and has not committed yet has no offsets. */
function readsFacts({ _id, offsets }: TaskProgress): boolean {
  return _id?.startsWith(`${FACT_TASKS}/`) ?? FACT_TOPICS.some((topic) => topic in offsets);
}

/** How far a task has counted a shop; null: it can't tell. */
function reachedBy(task: TaskProgress, shop: string, met: number): number | null {
  if (shop in task.latest) return task.watermarks[shop] ?? null;
  // An earlier release does not say how far it has read.
  if (task.levelAt === undefined) return Number.POSITIVE_INFINITY;
  return task.levelAt >= met + SETTLING_MS ? task.levelAt : null;
}
