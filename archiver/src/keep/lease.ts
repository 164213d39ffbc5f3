import { LakeError } from '@storepulse/lake';
import type { LakeCollections, LakeFile, LakeKeeper } from '@storepulse/lake/manifest';
import type { ClientSession, MongoClient } from 'mongodb';

/** How long a keeper that says nothing is waited for, by default. */
const LEASE_MS = 60_000;

/** The right to replace files: it ends when anyone takes the lease. */
export interface Keepership {
  readonly epoch: number;
  seq: number;
  readonly mergedAt: Date | undefined;
  readonly session: ClientSession;
}

/**
 * Takes the lease, if it is free.
 * @returns undefined while another has it
 */
export async function takeLease(
  client: MongoClient,
  { keeper }: Pick<LakeCollections, 'keeper'>,
  owner: string,
  now: number,
  leaseMs = LEASE_MS,
): Promise<Keepership | undefined> {
  const before = await keeper.findOne({ _id: 'keeper' });
  if (before && before.until.getTime() > now) return undefined;
  // A transaction that a killed keeper has left open would hold up this one for as long as the server lets it live.
  if (before?.lsid) await client.db('admin').command({ killSessions: [before.lsid] });
  const session = client.startSession();
  const found = await keeper
    .findOneAndUpdate(
      { _id: 'keeper', until: { $lte: new Date(now) } },
      {
        $inc: { epoch: 1 },
        $set: { owner, lsid: session.id, until: new Date(now + leaseMs) },
        $setOnInsert: { seq: 0 },
      },
      { upsert: true, returnDocument: 'after' },
    )
    .catch(async (error: { code?: number }) => {
      // Another was quicker.
      if (error.code === 11_000) return null;
      await session.endSession();
      throw error;
    });
  if (!found) {
    await session.endSession();
    return undefined;
  }
  return { epoch: found.epoch, seq: found.seq, mergedAt: found.mergedAt, session };
}

/** Says that it goes on; `now` in epoch ms. @returns false: it is another's by now */
export async function renewLease(
  { keeper }: Pick<LakeCollections, 'keeper'>,
  { epoch }: Keepership,
  now: number,
  leaseMs = LEASE_MS,
): Promise<boolean> {
  const until = new Date(now + leaseMs);
  const { matchedCount } = await keeper.updateOne({ _id: 'keeper', epoch }, { $set: { until } });
  return matchedCount === 1;
}

/** Lets another go on at once. */
export async function giveLeaseBack(
  { keeper }: Pick<LakeCollections, 'keeper'>,
  { epoch, session }: Keepership,
): Promise<void> {
  await keeper.updateOne({ _id: 'keeper', epoch }, { $set: { until: new Date(0) } });
  await session.endSession();
}

/** What a commit of the keeper replaces. */
export interface Replacement {
  readonly inputs: readonly LakeFile[];
  readonly outputs: readonly LakeFile[];
  /** When the inputs may be deleted. */
  readonly deleteAt: Date;
  readonly set?: Partial<Pick<LakeKeeper, 'mergedAt'>>;
}

/**
 * Replaces files in the manifest: all of the inputs, which must be live still, by the outputs.
 * @throws {LakeError} `FENCED` when the lease or one of the inputs is another's by now
 */
export async function commitReplacement(
  { keeper, files, removed }: LakeCollections,
  keepership: Keepership,
  { inputs, outputs, deleteAt, set = {} }: Replacement,
  step: () => void,
): Promise<void> {
  const { epoch, seq, session } = keepership;
  try {
    await session.withTransaction(async () => {
      const { matchedCount } = await keeper.updateOne(
        { _id: 'keeper', epoch, seq },
        { $set: { seq: seq + 1, ...set } },
        { session },
      );
      if (matchedCount === 0) throw new LakeError('FENCED', 'another process keeps the lake by now');
      if (inputs.length > 0) {
        const ids = inputs.map(({ _id }) => _id);
        const { deletedCount } = await files.deleteMany({ _id: { $in: ids } }, { session });
        if (deletedCount < ids.length) throw new LakeError('FENCED', 'a file was replaced meanwhile');
        await removed.insertMany(
          ids.map((_id) => ({ _id, deleteAt })),
          { session },
        );
      }
      if (outputs.length > 0) await files.insertMany([...outputs], { session });
      step();
    });
  } catch (error) {
    const stored = await keeper.findOne({ _id: 'keeper' });
    if (stored?.epoch !== epoch || stored.seq !== seq + 1) throw error;
  }
  keepership.seq = seq + 1;
}
