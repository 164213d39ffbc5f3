import { setTimeout } from 'node:timers/promises';
import { type CheckpointDocument, COLLECTIONS, INPUT_TOPICS, type TopicName } from '@storepulse/contracts';
import type { Db } from 'mongodb';
import { SimulatorError } from '../errors.ts';
import type { TopicSource } from './read-topic.ts';

/** The processor's consumer group that merges. */
const MERGE_GROUP = 'storepulse-merge';
const LOOK_EVERY_MS = 250;
/** What does not move for so long has stopped. */
const STUCK_MS = 60_000;

/** How much is still to be done. */
interface Backlog {
  readonly uncounted: number;
  readonly unannounced: number;
  readonly unmerged: number;
  /** Rises with everything that the processor does: records counted, commits, notices merged. */
  readonly done: number;
}

/**
 * Waits until every record that is on the input topics has been counted, and every window that this changed has been
 * merged: however long that takes, as long as it goes on.
 * @param onProgress told how many records and windows are left
 * @returns a number that rises with everything that the processor does: as long as it stays, nothing has changed
 * @throws {SimulatorError} `not-drained` when nothing has moved for a minute
 */
export async function untilDrained(
  source: TopicSource,
  db: Db,
  onProgress: (left: number) => void,
): Promise<number> {
  let done = Number.NEGATIVE_INFINITY;
  let movedAt = Date.now();
  for (;;) {
    const backlog = await backlogOf(source, db);
    const left = backlog.uncounted + backlog.unannounced + backlog.unmerged;
    onProgress(left);
    if (left === 0) return backlog.done;
    // What is left may stay the same for long: settling visits makes as many new notices as are merged.
    if (backlog.done > done) {
      done = backlog.done;
      movedAt = Date.now();
    } else if (Date.now() - movedAt > STUCK_MS) {
      throw new SimulatorError(
        'not-drained',
        `Nothing has moved for a minute, with ${backlog.uncounted} records not counted and ${backlog.unmerged} changed windows not merged. Does the processor run (npm run status)?`,
      );
    }
    await setTimeout(LOOK_EVERY_MS);
  }
}

async function backlogOf(source: TopicSource, db: Db): Promise<Backlog> {
  // Ends first: what is counted meanwhile can only be ahead of them.
  const ends = new Map<TopicName, Awaited<ReturnType<TopicSource['bounds']>>>();
  for (const topic of INPUT_TOPICS) ends.set(topic, await source.bounds(topic));
  const tasks = await db
    .collection<CheckpointDocument>(COLLECTIONS.checkpoints)
    .find({}, { projection: { offsets: 1, seq: 1, publishedSeq: 1 } })
    .toArray();
  let uncounted = 0;
  for (const [topic, partitions] of ends) {
    for (const { partition, high } of partitions) {
      const reached = tasks.flatMap(({ _id, offsets }) =>
        _id.endsWith(`/${partition}`) ? (offsets[topic] ?? 0) : [],
      );
      uncounted += Math.max(0, high - Math.max(0, ...reached));
    }
  }
  const unannounced = tasks.filter(({ seq, publishedSeq }) => publishedSeq < seq).length;
  const notices = await source.bounds('metric-changes');
  const merged = await source.committed(MERGE_GROUP, 'metric-changes');
  const unmerged = notices.reduce(
    (sum, { partition, low, high }) => sum + Math.max(0, high - Math.max(low, merged.get(partition) ?? 0)),
    0,
  );
  const positions = tasks.flatMap(({ seq, offsets }) => [seq, ...Object.values(offsets)]);
  const done = [...positions, ...merged.values()].reduce((sum, n) => sum + n, 0);
  return { uncounted, unannounced, unmerged, done };
}
