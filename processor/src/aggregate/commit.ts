import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AnnotationDocument,
  type CheckpointDocument,
  COLLECTIONS,
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
  type Timestamp,
} from 'mongodb';
import type { TransactionStep } from '../erasure/erasure.ts';
import { ProcessorError } from '../errors.ts';
import { seeAll } from '../store/causal-reads.ts';
import type { Database, RecordDocument } from '../store/database.ts';
import type { AnnotationChange } from './annotations.ts';
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
  readonly annotations: ReadonlyMap<string, AnnotationChange>;
  readonly eventIds: EventIdsDocument | undefined;
  /** What is written last; see there. */
  readonly erasure?: TransactionStep | undefined;
}

/** Content that changes no state of shops, customers and products, and no annotation. */
export const NO_STATES: Pick<CommitContent, 'records' | 'annotations'> = {
  records: new Map(),
  annotations: new Map(),
};

/** MongoDB's codes for a transaction that is larger than it takes: altogether, for its cache, for one document. */
const TOO_LARGE: ReadonlySet<number | undefined> = new Set([257, 388, 10_334]);
/** The server has ended the transaction, since it lived too long. Once it may be by chance, such as a new primary. */
const NO_SUCH_TRANSACTION = 251;
const MAX_ENDED = 2;
/** Write conflicts in a row after which the state in memory is taken to be outdated. */
const MAX_CONFLICTS = 8;
const MAX_BACKOFF_MS = 2_000;

/** What one task commits. */
export interface TaskCommit {
  readonly claim: Claim;
  /** The number of this commit; the stored one must be `seq − 1`. */
  readonly seq: number;
  readonly content: CommitContent;
}

/**
 * Writes state and offsets in one transaction, guarded by the claim's epoch and the task's `seq`. Waits out an
 * unreachable or changing primary for as long as `isValid` says; consumption waits meanwhile.
 * @returns when it was committed, by the server's time; undefined where that is not known
 * @throws {ProcessorError} `FENCED` when another owner has claimed the task, `CONFLICT` when a business key or a new visit
 * of this commit is stored already, or a window was stored since it was read: in all cases nothing was written and the
 * memory must be dropped. `COMMIT_TOO_LARGE` when the transaction hits a limit of the server: likewise, and the next ones
 * must be smaller.
 */
export async function commit(
  database: Database,
  wanted: TaskCommit,
  isValid: () => boolean,
  onRetry: (error: Error) => void,
): Promise<Timestamp | undefined> {
  const { claim, seq } = wanted;
  let conflicts = 0;
  let ended = 0;
  for (let attempt = 0; ; attempt++) {
    if (!isValid()) throw fenced(claim);
    try {
      if (await tryCommit(database, claim.session, [wanted])) {
        seeAll(claim.reads, claim.session);
        return claim.session.operationTime;
      }
      if (await isCommitted(database, claim, seq)) return claim.reads.operationTime;
      throw fenced(claim);
    } catch (error) {
      if (claim.session.inTransaction()) await claim.session.abortTransaction().catch(() => undefined);
      const { code } = error as { code?: number };
      if (code === 11_000) {
        throw new ProcessorError(
          'CONFLICT',
          `${claim.task}: a business key or a visit of this commit is stored by another task`,
        );
      }
      if (TOO_LARGE.has(code) || (code === NO_SUCH_TRANSACTION && ++ended >= MAX_ENDED)) {
        throw new ProcessorError(
          'COMMIT_TOO_LARGE',
          `${claim.task}: MongoDB does not take a transaction of this size: ${(error as Error).message}`,
          { cause: error },
        );
      }
      if (code === 112 && ++conflicts >= MAX_CONFLICTS) {
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

/**
 * One attempt to commit some tasks in one transaction of a session.
 * @returns false when the guard of one of them did not match: nothing was written then
 */
export async function tryCommit(
  database: Database,
  session: ClientSession,
  commits: readonly TaskCommit[],
): Promise<boolean> {
  session.startTransaction({
    readConcern: { level: 'snapshot' },
    writeConcern: { w: 'majority', journal: true },
  });
  const guards = commits.map(({ claim: { task, epoch }, seq, content }) => ({
    updateOne: {
      filter: { _id: task, epoch, seq: seq - 1 },
      update: { $set: { ...content.checkpoint, seq, updatedAt: new Date() } },
    },
  }));
  const { matchedCount } = await database.checkpoints.bulkWrite(guards, { session });
  if (matchedCount < commits.length) {
    await session.abortTransaction();
    return false;
  }
  const contents = commits.map(({ content }) => content);
  await writeFacts(database, contents, session);
  const partials = contents.flatMap((content) => content.partials);
  if (partials.length > 0) {
    const written = await database.partials.bulkWrite(partials, { session, ordered: false });
    if (written.insertedCount + written.matchedCount < partials.length) {
      const tasks = commits.map(({ claim }) => claim.task).join(', ');
      throw new ProcessorError('CONFLICT', `${tasks}: stored windows are not those that the memory is of`);
    }
  }
  await writeVisits(database, contents, session);
  await writeRecords(database, contents, session);
  await writeAnnotations(database, contents, session);
  const eventIds = contents.flatMap((content) => content.eventIds ?? []);
  if (eventIds.length > 0) await database.eventIds.insertMany(eventIds, { session });
  // After the facts, which it may have to clear.
  for (const { erasure } of contents) await erasure?.(session);
  await session.commitTransaction();
  return true;
}

type Contents = readonly CommitContent[];

async function writeFacts(database: Database, contents: Contents, session: ClientSession): Promise<void> {
  const facts = Map.groupBy(
    contents.flatMap((content) => [...content.facts]),
    ([collection]) => collection,
  );
  for (const [collection, parts] of facts) {
    const documents = parts.flatMap(([, documents]) => documents);
    await database.facts(collection).insertMany(documents, { session });
  }
}

async function writeVisits(
  { sessions, visitShares }: Database,
  contents: Contents,
  session: ClientSession,
): Promise<void> {
  const all = <K extends keyof VisitWrites>(kind: K) =>
    contents.flatMap((content) => content.sessions[kind] as VisitWrites[K][number][]);
  const created = all('created');
  const changed = all('changed');
  const shares = all('shares');
  const takenIn = all('takenIn');
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

async function writeRecords({ db }: Database, contents: Contents, session: ClientSession): Promise<void> {
  const records = Map.groupBy(
    contents.flatMap((content) => [...content.records]),
    ([collection]) => collection,
  );
  for (const [collection, parts] of records) {
    const operations = parts.flatMap(([, changes]) => recordWrites(changes));
    await db.collection<RecordDocument>(collection).bulkWrite(operations, { session, ordered: false });
  }
}

async function writeAnnotations({ db }: Database, contents: Contents, session: ClientSession): Promise<void> {
  const operations = contents
    .flatMap(({ annotations }) => [...annotations])
    .map(([_id, change]) => ({ updateOne: { filter: { _id }, update: { $set: change }, upsert: true } }));
  if (operations.length === 0) return;
  await db.collection<AnnotationDocument>(COLLECTIONS.annotations).bulkWrite(operations, { session });
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
