import {
  type LakeManifest,
  type LakeStore,
  lakeCollections,
  localPath,
  readManifest,
} from '@storepulse/lake';
import type { Db, MongoClient } from 'mongodb';
import type { LakeContent } from '../lake/open-sources.ts';

/** An erasure is carried out in the files so long after its tombstone at most. */
const REWRITTEN_WITHIN_MS = 2 * 86_400_000;

/**
 * Reads of the lake what a run needs: its live files, brought to this machine where they are elsewhere.
 * @param lastRun when the last run began; undefined: there was none
 */
export async function openLake(
  { client, db, store, cache }: { client: MongoClient; db: Db; store: LakeStore; cache: string },
  lastRun: Date | undefined,
): Promise<LakeContent & Pick<LakeManifest, 'seamAt'>> {
  const { files, seamAt } = await readManifest(client, db);
  const places = new Map<string, string>();
  for (const { _id } of files) places.set(_id, await localPath(store, _id, cache));
  const since = lastRun && { erasedAt: { $gte: new Date(lastRun.getTime() - REWRITTEN_WITHIN_MS) } };
  const erased = (await lakeCollections(db).erased.findOne(since ?? {})) !== null;
  return { files, seamAt, placeOf: (path) => places.get(path)!, isErased: () => erased };
}
