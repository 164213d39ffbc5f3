import { COLLECTIONS, type PartialDocument } from '@storepulse/contracts';
import { announce } from '../aggregate/announce.ts';
import type { Sender } from '../kafka/port.ts';
import { beginCausalReads } from '../store/causal-reads.ts';
import type { Database } from '../store/database.ts';

/** Windows that are announced together. */
const AT_ONCE = 500;

/**
 * Announces again all windows whose partials say more than what is merged of them: their notices may be lost. Notices
 * are never the truth, so that nothing is lost with them. It reads all partials once.
 * @returns how many there were
 */
export async function announceUnmerged({ client, partials }: Database, sender: Sender): Promise<number> {
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
    await announce(sender, { task: 'unmerged', seq: 0, at: reads.operationTime }, waiting);
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
