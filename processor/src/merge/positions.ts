import type { MergeProgressDocument } from '@storepulse/contracts';
import { checkPosition, type LogLoss } from '../kafka/log-position.ts';
import { type Kafka, type LogMark, type PartitionBounds, UNMARKED } from '../kafka/port.ts';

/** Where merging of a partition goes on. */
export interface MergePosition {
  readonly offset: number;
  readonly mark: LogMark;
  /** What became of notices that may not have been merged; undefined: none is missing. */
  readonly loss: LogLoss | 'unknown' | undefined;
}

/**
 * Where to go on: where the group has got to, if the log of notices still continues there.
 * @param committed the group's next offset; undefined where Kafka has none, be it new, forgotten or of a deleted topic
 * @param noted what was written down of the log that was merged; undefined where nothing was ever merged
 * @throws Kafka's error while it does not tell where an epoch ends
 */
export async function mergePosition(
  bounds: PartitionBounds,
  committed: number | undefined,
  noted: MergeProgressDocument['log'],
  { endOfEpoch }: Pick<Kafka, 'endOfEpoch'>,
): Promise<MergePosition> {
  const { partition, low, topicId } = bounds;
  const begin = { offset: low, mark: { topicId, epoch: undefined } };
  if (committed === undefined) {
    return { ...begin, loss: noted !== undefined || low > 0 ? 'unknown' : undefined };
  }
  const isSame = noted !== undefined && (noted.topicId ?? topicId) === topicId;
  const epoch = noted?.offset === committed ? (noted.epoch ?? undefined) : undefined;
  const mark = noted ? { topicId: noted.topicId ?? undefined, epoch } : UNMARKED;
  const end =
    isSame && epoch !== undefined ? await endOfEpoch('metric-changes', partition, epoch) : undefined;
  const stored = { offset: committed, mark, end: noted?.end ?? committed };
  return checkPosition(stored, bounds, end);
}
