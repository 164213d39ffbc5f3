import type { CheckpointDocument } from '@storepulse/contracts';
import type { Filter, UpdateFilter } from 'mongodb';
import type { Database } from '../store/database.ts';
import type { Task } from './task.ts';

/** Progress of one task, written only while the claim and the last commit are those that it knows. */
export interface Heartbeat {
  readonly filter: Filter<CheckpointDocument>;
  readonly update: UpdateFilter<CheckpointDocument>;
}

/**
 * Writes the progress of all tasks that have nothing to commit, in one request, and ends those that another owner has
 * claimed.
 * @throws MongoDB's error; the next call writes what was not written
 */
export async function beat(
  { checkpoints }: Pick<Database, 'checkpoints'>,
  tasks: readonly Task[],
): Promise<void> {
  const beating = tasks.flatMap((task) => {
    const heartbeat = task.heartbeat();
    return heartbeat ? [{ task, heartbeat }] : [];
  });
  if (beating.length === 0) return;
  const operations = beating.map(({ heartbeat }) => ({ updateOne: heartbeat }));
  const { matchedCount } = await checkpoints.bulkWrite(operations, { ordered: false });
  for (const { task } of beating) task.answered();
  if (matchedCount === beating.length) return;
  // A commit may have begun meanwhile and moved `seq`; only another epoch means that a task is lost.
  await Promise.all(beating.map(({ task }) => task.checkOwner()));
}
