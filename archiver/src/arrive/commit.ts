import type { StoredLog } from '@storepulse/contracts';
import { LakeError } from '@storepulse/lake';
import type { LakeCollections, LakeFate, LakeFile } from '@storepulse/lake/manifest';
import { erasedId, type PersonChange } from '@storepulse/processor/erasure/people';
import type { ClientSession } from 'mongodb';
import type { OnStep } from '../steps.ts';
import type { TaskClaim } from './claim.ts';

/** What a commit says. */
export interface ArriveCommit {
  /** Everything before it is in the lake then. */
  readonly next: number;
  readonly log: StoredLog;
  readonly seamAt: number | null;
  readonly files: readonly LakeFile[];
  readonly fates: Readonly<Partial<Record<LakeFate, number>>>;
  readonly people: ReadonlyMap<string, PersonChange>;
}

/**
 * Moves the manifest: the files, and how far they go, in one transaction that hangs on a compare-and-set of the claim's
 * epoch and sequence number.
 * @param seq of the commit before
 * @throws {LakeError} `FENCED` when the partition was claimed by another owner
 */
export async function commitArrived(
  collections: LakeCollections,
  { task, session }: TaskClaim,
  seq: number,
  commit: ArriveCommit,
  onStep: OnStep,
): Promise<void> {
  const { tasks, files } = collections;
  const { next, log, seamAt, people } = commit;
  const fates = Object.fromEntries(Object.entries(commit.fates).map(([fate, n]) => [`fates.${fate}`, n]));
  const guard = { _id: task._id, epoch: task.epoch, seq };
  const fenced = () => new LakeError('FENCED', `${task._id}: claimed by another owner`);
  const write = async (inTransaction?: ClientSession) => {
    const options = inTransaction ? { session: inTransaction } : {};
    const { matchedCount } = await tasks.updateOne(
      guard,
      { $set: { next, log, seamAt, updatedAt: new Date() }, $inc: { seq: 1, ...fates } },
      options,
    );
    if (matchedCount === 0) throw fenced();
  };
  try {
    if (commit.files.length === 0 && people.size === 0) return await write();
    await session.withTransaction(async () => {
      await write(session);
      if (commit.files.length > 0) await files.insertMany([...commit.files], { session });
      await writePeople(collections, people, session);
      onStep('in-commit');
    });
  } catch (error) {
    // An unknown result that was tried again finds what the first try has written.
    const stored = await tasks.findOne({ _id: task._id }, { projection: { epoch: 1, seq: 1 } });
    if (stored?.epoch === task.epoch && stored.seq === seq + 1) return;
    throw error;
  }
}

/** Writes down who is erased, with an order to the keeper, and whose id is used anew. */
async function writePeople(
  { erased, erasures }: LakeCollections,
  people: ReadonlyMap<string, PersonChange>,
  session: ClientSession,
): Promise<void> {
  if (people.size === 0) return;
  const gone = [...people].filter(([, { erasedAt }]) => erasedAt !== undefined);
  const states = [...people].map(([key, { erasedAt, toldAt }]) => {
    const returnedAt = toldAt === undefined ? null : new Date(toldAt);
    const _id = erasedId(key);
    return erasedAt === undefined
      ? { updateOne: { filter: { _id, returnedAt: null }, update: { $set: { returnedAt } } } }
      : {
          replaceOne: {
            filter: { _id },
            replacement: { erasedAt: new Date(erasedAt), returnedAt },
            upsert: true,
          },
        };
  });
  await erased.bulkWrite(states, { session, ordered: false });
  if (gone.length === 0) return;
  const orders = gone.map(([key]) => {
    const [shop = '', customerId = ''] = key.split('|');
    const replacement = { shop, customerId };
    return { replaceOne: { filter: { _id: erasedId(key) }, replacement, upsert: true } };
  });
  await erasures.bulkWrite(orders, { session, ordered: false });
}
