import { COLLECTIONS, type PartialDocument } from '@storepulse/contracts';
import { announce } from '../aggregate/announce.ts';
import { PartitionsUnavailable } from '../errors.ts';
import type { Sender } from '../kafka/port.ts';
import { beginCausalReads } from '../store/causal-reads.ts';
import type { Database } from '../store/database.ts';

/** Windows that are announced together. */
const AT_ONCE = 500;

/**
 * Announces again all windows whose partials say more than what is merged of them: their notices may be lost. Notices
 * are never the truth, so that nothing is lost with them. It reads all partials once.
 * @param lost the partitions whose notices are lost; others that have no leader now still have theirs
 * @returns how many there were
 * @throws {PartitionsUnavailable} when one of those partitions has no leader
 */
export async function announceUnmerged(
  { client, partials }: Database,
  sender: Sender,
  lost: ReadonlySet<number>,
): Promise<number> {
  await using reads = beginCausalReads(client);
  const unmerged = partials.aggregate<Pick<PartialDocument, '_id'>>(
    [
      { $group: { _id: '$window', version: { $sum: '$seq' } } },
      {
        $lookup: {
          from: COLLECTIONS.metrics,
          localField: '_id',
          foreignField: '_id',
          pipeline: [{ $project: { version: 1 } }],
          as: 'merged',
        },
      },
      { $match: { $expr: { $gt: ['$version', { $ifNull: [{ $first: '$merged.version' }, 0] }] } } },
      { $project: { _id: 1 } },
    ],
    { allowDiskUse: true, session: reads },
  );
  let found = 0;
  let waiting: string[] = [];
  const flush = async () => {
    try {
      await announce(sender, { task: 'unmerged', seq: 0, at: reads.operationTime }, waiting);
    } catch (error) {
      const isOfOthers =
        error instanceof PartitionsUnavailable && !error.records.some(({ partition }) => lost.has(partition));
      if (!isOfOthers) throw error;
    }
    found += waiting.length;
    waiting = [];
  };
  for await (const { _id } of unmerged) {
    waiting.push(_id);
    if (waiting.length >= AT_ONCE) await flush();
  }
  await flush();
  return found;
}
