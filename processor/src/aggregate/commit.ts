import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CheckpointDocument,
  type FactCollection,
  isSocketError,
  type PartialDocument,
} from '@storepulse/contracts';
import {
  type AnyBulkWriteOperation,
  type ClientSession,
  MongoError,
  MongoNetworkError,
  MongoServerSelectionError,
} from 'mongodb';
import type { TransactionStep } from '../erasure/erasure.ts';
import { ProcessorError } from '../errors.ts';
import { seeAll } from '../store/causal-reads.ts';
import type { Database, RecordDocument } from '../store/database.ts';
import type { Claim } from './claim.ts';
import type { EventIdsDocument } from './event-ids.ts';
import type { FactDocument } from './facts.ts';
import type { VisitWrites } from './sessions.ts';

/** What one commit writes. Every value is absolute, so writing it twice is the same as once. */
export interface CommitContent {
  readonly checkpoint: Pick<
    CheckpointDocument,
    | 'offsets'
    | 'logs'
    | 'watermarks'
    | 'latest'
    | 'since'
    | 'levelAt'
    | 'fates'
    | 'late'
    | 'publishedSeq'
    | 'caughtUp'
  >;
  readonly partials: AnyBulkWriteOperation<PartialDocument>[];
  readonly sessions: VisitWrites;
  readonly facts: ReadonlyMap<FactCollection, readonly FactDocument[]>;
  readonly records: ReadonlyMap<string, ReadonlyMap<string, Record<string, unknown> | null>>;
  readonly eventIds: EventIdsDocument | undefined;
  /** What is written last; see there. */
  readonly erasure?: TransactionStep | undefined;
}

/** Write conflicts in a row after which the state in memory is taken to be outdated. */
const MAX_CONFLICTS = 8;
const MAX_BACKOFF_MS = 2_000;

/**
 * Writes state and offsets in one transaction, guarded by the claim's epoch and the task's `seq`. Waits out an
 * unreachable or changing primary for as long as `isValid` says; consumption waits meanwhile.
 * @param seq the number of this commit; the stored one must be `seq − 1`
 * @throws {ProcessorError} `FENCED` when another owner has claimed the task, `CONFLICT` when a business key or a new visit
 * of this commit is stored already, or a window was stored since it was read: in all cases nothing was written and the
 * memory must be dropped.
 */
export async function commit(
  database: Database,
  claim: Claim,
  seq: number,
  content: CommitContent,
  isValid: () => boolean,
  onRetry: (error: Error) => void,
): Promise<void> {
  let conflicts = 0;
  for (let attempt = 0; ; attempt++) {
    if (!isValid()) throw fenced(claim);
    try {
      if (await tryCommit(database, claim, seq, content)) return seeAll(claim.reads, claim.session);
      if (await isCommitted(database, claim, seq)) return;
      throw fenced(claim);
    } catch (error) {
      if (claim.session.inTransaction()) await claim.session.abortTransaction().catch(() => undefined);
      if ((error as { code?: number }).code === 11_000) {
        throw new ProcessorError(
          'CONFLICT',
          `${claim.task}: a business key or a visit of this commit is stored by another task`,
        );
      }
      if ((error as { code?: number }).code === 112 && ++conflicts >= MAX_CONFLICTS) {
        throw new ProcessorError('CONFLICT', `${claim.task}: lasting write conflict`);
      }
      if (!isTransient(error)) throw error;
      onRetry(error as Error);
      await sleep(Math.min(20 * 2 ** attempt, MAX_BACKOFF_MS));
    }
  }
}

const fenced = (claim: Claim) =>
  new ProcessorError('FENCED', `${claim.task}: epoch ${claim.epoch} is no longer the owner`);

/** One attempt; false when the guard did not match. */
async function tryCommit(
  database: Database,
  { session, task, epoch }: Claim,
  seq: number,
  content: CommitContent,
): Promise<boolean> {
  session.startTransaction({
    readConcern: { level: 'snapshot' },
    writeConcern: { w: 'majority', journal: true },
  });
  const guard = await database.checkpoints.updateOne(
    { _id: task, epoch, seq: seq - 1 },
    { $set: { ...content.checkpoint, seq, updatedAt: new Date() } },
    { session },
  );
  if (guard.matchedCount === 0) {
    await session.abortTransaction();
    return false;
  }
  for (const [collection, documents] of content.facts) {
    await database.facts(collection).insertMany(documents, { session });
  }
  if (content.partials.length > 0) {
    const operations = content.partials;
    const written = await database.partials.bulkWrite(operations, { session, ordered: false });
    if (written.insertedCount + written.matchedCount < operations.length) {
      throw new ProcessorError('CONFLICT', `${task}: stored windows are not those that the memory is of`);
    }
  }
  await writeVisits(database, content.sessions, session);
  for (const [collection, changes] of content.records) {
    await database.db
      .collection<RecordDocument>(collection)
      .bulkWrite(recordWrites(changes), { session, ordered: false });
  }
  if (content.eventIds) await database.eventIds.insertOne(content.eventIds, { session });
  // After the facts, which it may have to clear.
  await content.erasure?.(session);
  await session.commitTransaction();
  return true;
}

async function writeVisits(
  { sessions, visitShares }: Database,
  { created, changed, shares, takenIn }: VisitWrites,
  session: ClientSession,
): Promise<void> {
  // Inserted, so that a visit which another task has met meanwhile fails the commit: it has one owner.
  if (created.length > 0) await sessions.insertMany(created, { session, ordered: false });
  if (changed.length > 0) {
    const operations = changed.map(({ _id, ...replacement }) => ({
      replaceOne: { filter: { _id }, replacement },
    }));
    await sessions.bulkWrite(operations, { session, ordered: false });
  }
  if (shares.length > 0) await visitShares.insertMany(shares, { session, ordered: false });
  if (takenIn.length > 0) await visitShares.deleteMany({ _id: { $in: takenIn } }, { session });
}

function recordWrites(
  changes: ReadonlyMap<string, Record<string, unknown> | null>,
): AnyBulkWriteOperation<RecordDocument>[] {
  return [...changes].map(([_id, state]) => {
    if (state === null) return { deleteOne: { filter: { _id } } };
    return { replaceOne: { filter: { _id }, replacement: state, upsert: true } };
  });
}

/** After an unknown result or an unmatched guard: within one epoch only we commit, so our `seq` in place was us. */
async function isCommitted(
  { checkpoints }: Database,
  { task, epoch, reads }: Claim,
  seq: number,
): Promise<boolean> {
  const stored = await checkpoints.findOne(
    { _id: task },
    { session: reads, projection: { epoch: 1, seq: 1 } },
  );
  return stored?.epoch === epoch && stored.seq === seq;
}

function isTransient(error: unknown): boolean {
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) return true;
  if (isSocketError(error)) return true;
  return (
    error instanceof MongoError &&
    ['TransientTransactionError', 'UnknownTransactionCommitResult', 'RetryableWriteError'].some((label) =>
      error.hasErrorLabel(label),
    )
  );
}
