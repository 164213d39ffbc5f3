import type { CheckpointDocument, StoredLog, StoredLoss, TopicName } from '@storepulse/contracts';
import { ProcessorError } from '../errors.ts';
import { checkPosition, type LogLoss } from '../kafka/log-position.ts';
import { type Kafka, type LogMark, type PartitionBounds, UNMARKED } from '../kafka/port.ts';
import type { Database } from '../store/database.ts';
import type { Claim } from './claim.ts';

/** Where a task reads on. */
export interface StartingPositions {
  /** Next offset, by topic. */
  readonly positions: Map<TopicName, number>;
  /** The logs that these are of, by topic. */
  readonly marks: Map<TopicName, LogMark>;
  /** What was lost since the checkpoint was written. */
  readonly losses: readonly StoredLoss[];
}

/** So many losses are kept in a checkpoint. */
const MOST_LOSSES = 20;

/**
 * Where to read on: where the checkpoint says, if the logs still continue there. A log that has lost records, also
 * such as were read, takes new ones at offsets that were there before: they must not pass for counted. A topic that
 * was made anew is read from its beginning.
 * @throws Kafka's error while it does not tell where an epoch ends
 */
export async function startingPositions(
  { offsets, logs = {} }: Pick<CheckpointDocument, 'offsets' | 'logs'>,
  bounds: ReadonlyMap<TopicName, PartitionBounds>,
  endOfEpoch: Kafka['endOfEpoch'] | undefined,
  now: number,
): Promise<StartingPositions> {
  const positions = new Map<TopicName, number>();
  const marks = new Map<TopicName, LogMark>();
  const losses: StoredLoss[] = [];
  for (const [topic, bound] of bounds) {
    const { partition, low, topicId } = bound;
    const offset = offsets[topic];
    if (offset === undefined) {
      positions.set(topic, low);
      marks.set(topic, { topicId, epoch: undefined });
      continue;
    }
    const mark = markOf(logs[topic]);
    const isSame = mark.topicId === undefined || mark.topicId === topicId;
    const end =
      isSame && mark.epoch !== undefined ? await endOfEpoch?.(topic, partition, mark.epoch) : undefined;
    const checked = checkPosition({ offset, mark, end: logs[topic]?.end ?? offset }, bound, end);
    positions.set(topic, checked.offset);
    marks.set(topic, checked.mark);
    if (checked.loss) losses.push({ topic, partition, ...checked.loss, at: new Date(now) });
  }
  return { positions, marks, losses };
}

const markOf = (log: StoredLog | undefined): LogMark =>
  log ? { topicId: log.topicId ?? undefined, epoch: log.epoch ?? undefined } : UNMARKED;

/** The logs as a checkpoint holds them. @param ends offsets after their last records, as seen last */
export function storedLogs(
  marks: ReadonlyMap<TopicName, LogMark>,
  ends: ReadonlyMap<TopicName, number>,
): Record<string, StoredLog> {
  return Object.fromEntries(
    [...marks].map(([topic, mark]) => [topic, storedLog(mark, ends.get(topic) ?? 0)]),
  );
}

/** One log as it is stored. @param end offset after its last record, as seen last */
export function storedLog(mark: LogMark, end: number): StoredLog {
  return { topicId: mark.topicId ?? null, epoch: mark.epoch ?? null, end };
}

/**
 * Writes what was lost into the claimed checkpoint, together with where reading goes on: it is stated once, also when
 * the owner dies before its first commit. Metrics count from there on, so that a rebuild does not read records that
 * are counted live.
 * @throws {ProcessorError} `FENCED` when the task has been claimed again
 */
export async function noteLosses(
  { checkpoints, storedMetrics }: Database,
  { task, epoch }: Pick<Claim, 'task' | 'epoch'>,
  { positions, marks, losses }: StartingPositions,
  ends: ReadonlyMap<TopicName, number>,
): Promise<void> {
  for (const { topic, change, to } of losses) {
    if (change === 'deleted') continue;
    const begin = `started.${task}.offsets.${topic}`;
    await storedMetrics.updateMany({ [begin]: { $gt: to } }, { $set: { [begin]: to } });
  }
  const { matchedCount } = await checkpoints.updateOne(
    { _id: task, epoch },
    {
      $set: { offsets: Object.fromEntries(positions), logs: storedLogs(marks, ends) },
      $push: { losses: { $each: [...losses], $slice: -MOST_LOSSES } },
    },
  );
  if (matchedCount === 0) throw new ProcessorError('FENCED', `${task}: claimed by another owner`);
}

/** One sentence that says exactly what a log has lost, and what becomes of it. */
export function describeLoss({ change, from, to, unread, read }: Omit<LogLoss, 'at'>): string {
  const lacks =
    unread > 0 ? `${unread} records were never read: figures lack them` : 'no record is known to be unread';
  switch (change) {
    case 'deleted':
      return `data loss: the log no longer holds offsets ${from} to ${to - 1}; ${lacks}`;
    case 'cut-off':
      return `data loss: the log was cut off at ${Math.min(to, from)}; ${read} records that were counted are gone from it and stay counted; ${lacks}`;
    case 'made-anew':
      return `data loss: the topic was deleted and made anew; what was counted of the former one, up to offset ${from}, stays counted; ${lacks}; the new one is read from ${to}`;
  }
}
