import { originOf, PARTIAL } from '@storepulse/lake/layout';
import type { KeeperDependencies } from './keeper.ts';
import type { Keepership } from './lease.ts';

/** A file that is on its way is younger than that. */
const ON_ITS_WAY_MS = 3_600_000;
const AT_ONCE = 1_000;

/** Deletes files whose time has come. */
export async function sweepRemoved({ collections, store, now, onStep }: KeeperDependencies): Promise<void> {
  const { removed } = collections;
  for (;;) {
    const due = await removed
      .find({ deleteAt: { $lte: new Date(now()) } })
      .limit(AT_ONCE)
      .toArray();
    for (const { _id } of due) {
      await store.remove(_id);
      onStep('file-deleted');
    }
    await removed.deleteMany({ _id: { $in: due.map(({ _id }) => _id) } });
    if (due.length < AT_ONCE) return;
  }
}

/**
 * Deletes files that no manifest names and none will: those of claims that have ended, and whatever is older than an hour.
 * Files that are not the lake's own are left alone.
 * @returns how many it has deleted
 */
export async function sweepOrphans(
  { collections, store, now }: KeeperDependencies,
  { epoch: keeperEpoch }: Keepership,
): Promise<number> {
  const found: { path: string; modifiedAt: Date }[] = [];
  for await (const object of store.list('')) found.push(object);
  // After the list: who could still commit a file of it is known, and what was committed meanwhile is seen.
  const epochs = new Map(
    (await collections.tasks.find({}, { projection: { epoch: 1 } }).toArray()).map(({ _id, epoch }) => [
      _id,
      epoch,
    ]),
  );
  const named = new Set<string>();
  for (const collection of [collections.files, collections.removed])
    for await (const { _id } of collection.find({}, { projection: { _id: 1 } })) named.add(_id);

  let swept = 0;
  for (const { path, modifiedAt } of found) {
    if (named.has(path)) continue;
    const isPartial = path.endsWith(PARTIAL);
    const origin = originOf(path);
    if (!isPartial && !origin) continue;
    const isOld = now() - modifiedAt.getTime() > ON_ITS_WAY_MS;
    const claimed = origin?.task === undefined ? keeperEpoch : (epochs.get(origin.task) ?? 0);
    const isOver = origin !== undefined && origin.epoch < claimed;
    if (!isOld && !isOver) continue;
    await store.remove(path);
    swept++;
  }
  return swept;
}
