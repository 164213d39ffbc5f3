import type { TopicName } from '@storepulse/contracts';
import type { LakeCollections, LakeTask } from '@storepulse/lake/manifest';
import type { ClientSession, MongoClient } from 'mongodb';

/** The right to write a partition's files into the manifest: it ends when anyone claims the partition again. */
export interface TaskClaim {
  readonly task: LakeTask;
  /** For its transactions. */
  readonly session: ClientSession;
}

const ATTEMPTS = 30;

/**
 * Takes a partition over: ends the former owner's server session, and with it a transaction that it may have left open, then
 * raises the epoch, which fences every later commit of that owner.
 * @throws MongoDB's error when the record of the task can't be had
 */
export async function claimTask(
  client: MongoClient,
  { tasks }: Pick<LakeCollections, 'tasks'>,
  { topic, partition }: { topic: TopicName; partition: number },
  owner: string,
): Promise<TaskClaim> {
  const session = client.startSession();
  const _id = `${topic}/${partition}`;
  for (let attempt = 1; ; attempt++) {
    try {
      const before = await tasks.findOne({ _id }, { projection: { lsid: 1 } });
      const lsid = (before as { lsid?: unknown } | null)?.lsid;
      if (lsid) await client.db('admin').command({ killSessions: [lsid] });
      const task = await tasks.findOneAndUpdate(
        { _id },
        {
          $inc: { epoch: 1 },
          $set: { owner, lsid: session.id, updatedAt: new Date() },
          $setOnInsert: { topic, partition, seq: 0, next: null, fates: {}, seamAt: null },
        },
        { upsert: true, returnDocument: 'after', maxTimeMS: 1_000 },
      );
      return { task: task!, session };
    } catch (error) {
      if (attempt === ATTEMPTS || !isBusy(error)) {
        await session.endSession();
        throw error;
      }
    }
  }
}

/** Time limit, write conflict, interrupted, or two first claims at once. */
function isBusy(error: unknown): boolean {
  return [50, 112, 11_601, 11_000].includes((error as { code?: number }).code ?? 0);
}
