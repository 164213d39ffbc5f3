import type { CheckpointDocument } from '@storepulse/contracts';
import type { ClientSession } from 'mongodb';
import { beginCausalReads } from '../store/causal-reads.ts';
import type { Database } from '../store/database.ts';

/** The right to write a task's state: it ends when anyone claims the task again. */
export interface Claim {
  readonly task: string;
  readonly epoch: number;
  readonly owner: string;
  /** For the transactions. */
  readonly session: ClientSession;
  /** For everything that the task reads: what was committed before the claim is seen, and what it commits itself. */
  readonly reads: ClientSession;
  readonly checkpoint: CheckpointDocument;
}

/** How often a claim is tried while the former owner's open transaction still holds the checkpoint. */
const ATTEMPTS = 30;

/**
 * Takes a task over: ends the former owner's server session, and with it a transaction it may have left open
 * (which would block the claim for as long as the server lets it live), then raises the epoch, which fences every
 * later write of that owner.
 * @param shared the session of transactions that this task may share with others of its owner
 * @throws MongoDB's error when the checkpoint can't be had.
 */
export async function claimTask(
  { client, checkpoints }: Database,
  task: string,
  owner: string,
  shared?: ClientSession,
): Promise<Claim> {
  const session = client.startSession();
  const reads = beginCausalReads(client);
  for (let attempt = 1; ; attempt++) {
    const before = await checkpoints.findOne({ _id: task }, { projection: { lsid: 1, sharedLsid: 1 } });
    const sessions = [before?.lsid, before?.sharedLsid].filter((id) => id != null);
    if (sessions.length > 0) await client.db('admin').command({ killSessions: sessions });
    try {
      const checkpoint = await checkpoints.findOneAndUpdate(
        { _id: task },
        {
          $inc: { epoch: 1 },
          $set: {
            owner,
            lsid: session.id,
            sharedLsid: shared?.id ?? null,
            updatedAt: new Date(),
            caughtUp: false,
          },
          $setOnInsert: {
            seq: 0,
            publishedSeq: 0,
            offsets: {},
            watermarks: {},
            latest: {},
            since: {},
            levelAt: 0,
            fates: {},
            late: 0,
          },
        },
        { session: reads, upsert: true, returnDocument: 'after', maxTimeMS: 1_000 },
      );
      return { task, epoch: checkpoint!.epoch, owner, session, reads, checkpoint: checkpoint! };
    } catch (error) {
      if (attempt === ATTEMPTS || !isBusy(error)) {
        await endClaim({ session, reads });
        throw error;
      }
    }
  }
}

/** Ends the sessions of a claim that is given up. */
export async function endClaim({ session, reads }: Pick<Claim, 'session' | 'reads'>): Promise<void> {
  await Promise.all([session.endSession(), reads.endSession()]);
}

/** Time limit, write conflict, interrupted, or two first claims at once. */
function isBusy(error: unknown): boolean {
  const code = (error as { code?: number }).code;
  return code === 50 || code === 112 || code === 11_601 || code === 11_000;
}
