import type { CheckpointDocument } from '@storepulse/contracts';
import type { Kafka } from '../kafka/port.ts';
import type { Database } from '../store/database.ts';
import { type TaskGroup, taskId } from '../task-groups.ts';
import { type Ends, endKey } from './bounded-kafka.ts';

/** How far a rebuild is. */
export interface RebuildProgress {
  /** Records read and counted. */
  readonly done: number;
  /** Records that the log holds of what is to be read. */
  readonly total: number;
  /** Everything is read, committed and announced. */
  readonly isRead: boolean;
}

/**
 * Notes, for tasks that have not begun, that they begin at the log's first record: what the log drops from then on
 * would be missed, and must not go unnoticed.
 */
export async function seedCheckpoints(
  { checkpoints }: Database,
  kafka: Kafka,
  groups: readonly TaskGroup[],
): Promise<void> {
  for (const group of groups) {
    const offsets = new Map<number, Record<string, number>>();
    for (const topic of group.topics) {
      for (const { partition, low } of await kafka.bounds(topic)) {
        offsets.set(partition, { ...offsets.get(partition), [topic]: low });
      }
    }
    for (const [partition, begin] of offsets) {
      const seed: Omit<CheckpointDocument, '_id'> = {
        ...{ epoch: 0, owner: '', lsid: null, seq: 0, publishedSeq: 0, offsets: begin },
        ...{ watermarks: {}, latest: {}, fates: {}, late: 0, updatedAt: new Date(), caughtUp: false },
      };
      await checkpoints.updateOne(
        { _id: taskId(group, partition) },
        { $setOnInsert: seed },
        { upsert: true },
      );
    }
  }
}

/** Reads from the checkpoints how far a rebuild is. @param begins the log's first offsets, by `topic/partition` */
export async function readRebuildProgress(
  { checkpoints }: Database,
  groups: readonly TaskGroup[],
  begins: Ends,
  ends: Ends,
): Promise<RebuildProgress> {
  const tasks = groups.flatMap((group) =>
    [...ends.keys()]
      .filter((key) => key.startsWith(`${group.topics[0]}/`))
      .map((key) => {
        const partition = Number(key.split('/')[1]);
        return { _id: taskId(group, partition), topics: group.topics, partition };
      }),
  );
  const stored = await checkpoints.find({ _id: { $in: tasks.map(({ _id }) => _id) } }).toArray();
  const byId = new Map(stored.map((checkpoint) => [checkpoint._id, checkpoint]));
  let done = 0;
  let total = 0;
  let isRead = true;
  for (const { _id, topics, partition } of tasks) {
    const checkpoint = byId.get(_id);
    isRead &&= checkpoint !== undefined && checkpoint.publishedSeq === checkpoint.seq;
    for (const topic of topics) {
      const key = endKey(topic, partition);
      const begin = begins.get(key) ?? 0;
      const end = Math.max(begin, ends.get(key)!);
      const reached = Math.min(end, Math.max(begin, checkpoint?.offsets[topic] ?? 0));
      done += reached - begin;
      total += end - begin;
      isRead &&= reached === end;
    }
  }
  return { done, total, isRead };
}
