import type { TopicName } from '@storepulse/contracts';
import { LakeError } from '@storepulse/lake';
import type { LakeCollections } from '@storepulse/lake/manifest';
import { describeLoss, startingPositions, storedLog } from '@storepulse/processor/aggregate/positions';
import type { Kafka, LogMark } from '@storepulse/processor/kafka/port';
import type { Logger } from 'pino';
import type { TaskClaim } from './claim.ts';

/** Where a claimed task reads on. */
export interface TaskStart {
  readonly position: number;
  readonly mark: LogMark;
  readonly end: number;
  /** When the end was asked for, epoch ms. */
  readonly askedAt: number;
}

const MOST_LOSSES = 20;

/**
 * Looks whether the log goes on where the lake ends. What it has lost is written down and reading goes on behind it: the lake
 * keeps what it has.
 * @throws Kafka's error while the partition can't be asked, {LakeError} `FENCED`
 */
export async function startTask(
  kafka: Kafka,
  { tasks }: Pick<LakeCollections, 'tasks'>,
  { task }: TaskClaim,
  logger: Logger,
  now: () => number,
): Promise<TaskStart> {
  const topic = task.topic as TopicName;
  const askedAt = now();
  const bound = (await kafka.bounds(topic)).find(({ partition }) => partition === task.partition);
  if (!bound) throw new Error(`${task._id}: the topic has no such partition`);
  const start = await startingPositions(
    {
      offsets: task.next === null ? {} : { [topic]: task.next },
      logs: task.log ? { [topic]: task.log } : {},
    },
    new Map([[topic, bound]]),
    kafka.endOfEpoch,
    now(),
  );
  const position = start.positions.get(topic)!;
  const mark = start.marks.get(topic)!;
  if (start.losses.length > 0) {
    for (const loss of start.losses) logger.error({ task: task._id, loss }, describeLoss(loss));
    const { matchedCount } = await tasks.updateOne(
      { _id: task._id, epoch: task.epoch },
      {
        $set: { next: position, log: storedLog(mark, bound.high) },
        $push: { losses: { $each: [...start.losses], $slice: -MOST_LOSSES } },
      },
    );
    if (matchedCount === 0) throw new LakeError('FENCED', `${task._id}: claimed by another owner`);
  }
  return { position, mark, end: bound.high, askedAt };
}
