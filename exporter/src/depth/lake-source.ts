import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type CheckpointDocument, COLLECTIONS, type MongoSettings } from '@storepulse/contracts';
import { mongoClient } from '@storepulse/contracts/mongo-client';
import { type LakeSettings, localPath, openStore, readManifest } from '@storepulse/lake';
import { openScratch } from '@storepulse/lake/scratch';
import type { Db } from 'mongodb';
import type { LakeSource } from './depth.ts';

/** Longest that a read may take on the server. */
const MAX_TIME_MS = 10_000;

/** A lake with the database that its manifest is in. */
export interface ManifestSource extends LakeSource {
  readonly db: Db;
}

/**
 * Opens the lake that an archiver fills.
 * @param folder for copies of files that lie in a bucket. @default the system's folder for what is temporary
 * @throws {LakeError} `LAKE_LOCATION`
 */
export async function openLakeSource(
  mongo: MongoSettings,
  lake: LakeSettings,
  folder: string | undefined,
): Promise<ManifestSource> {
  const store = openStore(lake);
  const copies = await openScratch('depth-copies', folder);
  const client = mongoClient(mongo, { appName: 'storepulse-exporter-depth', maxPoolSize: 2 });
  const db = client.db(mongo.database);
  const folderOfCopies = join(copies, 'files');
  /** By path, where a file that had to be fetched lies. */
  const fetched = new Map<string, string>();
  /** No longer read: they stay until the next time, for who has just begun to read them. */
  let unused: string[] = [];
  return {
    db,
    progress: () =>
      db
        .collection<CheckpointDocument>(COLLECTIONS.checkpoints)
        .find(
          {},
          {
            maxTimeMS: MAX_TIME_MS,
            projection: { offsets: 1, watermarks: 1, latest: 1, since: 1, levelAt: 1 },
          },
        )
        .toArray(),
    manifest: () => readManifest(client, db),
    place: async (path) => {
      const place = await localPath(store, path, folderOfCopies);
      if (store.place(path) === undefined) fetched.set(path, place);
      return place;
    },
    keepOnly: async (paths) => {
      await Promise.all(unused.map((place) => rm(place, { force: true })));
      const gone = [...fetched].filter(([path]) => !paths.has(path));
      for (const [path] of gone) fetched.delete(path);
      unused = gone.map(([, place]) => place);
    },
    close: async () => {
      await client.close();
      await rm(copies, { recursive: true, force: true });
    },
  };
}
