import type { Logger } from 'pino';
import { beginAt } from '../kafka/begin-at.ts';
import type { GroupConsumer, Kafka, PartitionBounds } from '../kafka/port.ts';
import type { OffsetCommitter } from './offset-committer.ts';
import type { OwnedPartitions } from './owned-partitions.ts';
import { type MergePosition, mergePosition } from './positions.ts';
import type { MergeProgress } from './progress.ts';

/** What the beginning of merging needs. */
export interface BeginDependencies {
  readonly kafka: Pick<Kafka, 'knownBounds' | 'committed' | 'endOfEpoch'>;
  readonly consumer: Pick<GroupConsumer, 'seek' | 'resume'>;
  readonly group: string;
  readonly progress: Pick<MergeProgress, 'read'>;
  readonly owned: OwnedPartitions;
  readonly offsets: Pick<OffsetCommitter, 'note'>;
  /**
   * Announces again what is not merged, since notices of some partitions are lost; returns how many windows that were.
   * @throws when these partitions can't be told of all of theirs
   */
  readonly announceUnmerged: (partitions: ReadonlySet<number>) => Promise<number>;
  readonly isStopping: () => boolean;
  readonly logger: Logger;
}

/**
 * Lets merging go on where the group has got to, wherever the log begins by now, and mends what the log has lost. Ends
 * when all partitions have begun or are no longer owned.
 */
export async function beginMerging(
  partitions: readonly number[],
  { kafka, consumer, group, progress, owned, offsets, ...dependencies }: BeginDependencies,
): Promise<void> {
  const mine = owned.all();
  const positions = async (wanted: readonly number[]) => {
    const [{ bounds }, merged, noted] = await Promise.all([
      kafka.knownBounds(['metric-changes']),
      kafka.committed(group, 'metric-changes'),
      progress.read(),
    ]);
    const found = new Map<number, MergePosition>();
    const place = async (bound: PartitionBounds) => {
      const { partition } = bound;
      found.set(partition, await mergePosition(bound, merged.get(partition), noted.get(partition), kafka));
    };
    const isAsked = new Set(wanted);
    const known = bounds.get('metric-changes')!.filter(({ partition }) => isAsked.has(partition));
    // One whose leader does not answer is asked for again.
    await Promise.allSettled(known.map(place));
    await mendLosses(found, dependencies);
    return found;
  };
  const isWanted = () => !dependencies.isStopping() && owned.all() === mine;
  await beginAt(consumer, 'metric-changes', partitions, positions, isWanted, (found) => {
    for (const [partition, { offset, mark, loss }] of found) {
      owned.noteMark(partition, mark);
      // Or the group's position would go on to tell of another log.
      if (loss) offsets.note(partition, offset);
    }
  });
}

/** Before it goes on behind them: dying in between, the next owner finds the same. */
async function mendLosses(
  positions: ReadonlyMap<number, MergePosition>,
  { announceUnmerged, logger }: Pick<BeginDependencies, 'announceUnmerged' | 'logger'>,
): Promise<void> {
  const lost = [...positions].filter(([, { loss }]) => loss !== undefined);
  if (lost.length === 0) return;
  const windows = await announceUnmerged(new Set(lost.map(([partition]) => partition)));
  for (const [partition, { offset, loss }] of lost)
    logger.warn(
      { topic: 'metric-changes', partition, to: offset, loss, windows },
      'notices of changed windows are lost; windows that are not merged have been announced again',
    );
}
