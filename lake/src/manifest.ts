import type { Keeping, StoredLog, StoredLoss, TopicName } from '@storepulse/contracts';
import type { Collection, Db, Filter, MongoClient } from 'mongodb';
import type { Period } from './layout.ts';

/** Names of the lake's collections. */
export const LAKE_COLLECTIONS = {
  tasks: 'lake-tasks',
  files: 'lake-files',
  removed: 'lake-removed',
  erased: 'lake-erased',
  erasures: 'lake-erasures',
  keeper: 'lake-keeper',
} as const;

/** Why each holds no more than it must. */
export const LAKE_KEEPING: Readonly<
  Record<(typeof LAKE_COLLECTIONS)[keyof typeof LAKE_COLLECTIONS], Keeping>
> = {
  'lake-tasks': { ends: 'replaced', how: 'one for each partition of the topics with events' },
  'lake-files': { ends: 'replaced', how: 'one for each file of the lake, until files are merged' },
  'lake-removed': { ends: 'time', how: 'until a replaced file is deleted, ten minutes unless set otherwise' },
  'lake-erased': {
    ends: 'kept',
    how: 'a hash of each erased customer: what is archived later must not name them',
  },
  'lake-erasures': { ends: 'work', how: 'when all files are cleared' },
  'lake-keeper': { ends: 'replaced', how: 'one document' },
};

/** What became of a record that the archiver read. `archived` of the lake = the stream's processed events and duplicates. */
export type LakeFate = 'archived' | 'tombstone' | `dead-letter:${string}`;

/** How far one partition of a topic is archived: `_id` is `topic/partition`. */
export interface LakeTask {
  readonly _id: string;
  readonly topic: TopicName;
  readonly partition: number;
  /** Raised at every claim; with `seq` the fencing token. */
  readonly epoch: number;
  readonly owner: string;
  /** Raised by one with every commit. */
  readonly seq: number;
  /** Everything before it is in the lake. Null: nothing is read yet. */
  readonly next: number | null;
  /** The log that it is of. */
  readonly log?: StoredLog;
  /** What the log has lost before it was archived, the latest last; at most 20. */
  readonly losses?: readonly StoredLoss[];
  /** By fate, the records before `next`: they add up to what was read. */
  readonly fates: Readonly<Partial<Record<LakeFate, number>>>;
  /** What was appended before it (epoch ms) is in the lake. Null: not known. */
  readonly seamAt: number | null;
  readonly updatedAt: Date;
}

/** A live file of the lake: `_id` is its path below the lake's location. */
export interface LakeFile {
  readonly _id: string;
  readonly shop: string;
  readonly type: string;
  readonly period: Period;
  /** First and last `shop_date` in it, as `YYYY-MM-DD`. */
  readonly firstDate: string;
  readonly lastDate: string;
  /** Least and greatest `occurred_at` in it, epoch ms. */
  readonly firstAt: number;
  readonly lastAt: number;
  readonly rows: number;
  readonly bytes: number;
  /** The record ranges of an arrived file; a merged one has none. */
  readonly source?: {
    readonly topic: string;
    readonly partition: number;
    readonly from: number;
    readonly next: number;
  };
  readonly at: Date;
}

/** A file that is no longer live: readers of an earlier manifest may still read it for a while. */
export interface RemovedFile {
  readonly _id: string;
  /** From then on it may be deleted. */
  readonly deleteAt: Date;
}

/** A customer who was erased: `_id` is the SHA-256 of `shop|customerId` in hexadecimal. */
export interface LakeErased {
  readonly _id: string;
  readonly erasedAt: Date;
  /** When the same id was told anew; what happens from then on is another person's. Null: not. */
  readonly returnedAt: Date | null;
}

/** An erasure that is still to be carried out in files: `_id` as of the erased. */
export interface LakeErasure {
  readonly _id: string;
  readonly shop: string;
  readonly customerId: string;
  /** `seq` of all tasks when it was met first: once each has committed more, no file is on its way that does not know of it. */
  readonly seqs?: Readonly<Record<string, number>>;
}

/** Who merges, erases and sweeps: `_id` is `keeper`. */
export interface LakeKeeper {
  readonly _id: 'keeper';
  readonly epoch: number;
  readonly owner: string;
  /** It is another's turn then, if it is not renewed. */
  readonly until: Date;
  /** Raised by one with every commit of the keeper. */
  readonly seq: number;
  /** Server session of its transactions, ended when another takes the lease. */
  readonly lsid?: unknown;
  /** When small files were merged last. */
  readonly mergedAt?: Date;
}

/** The lake's collections. */
export interface LakeCollections {
  readonly tasks: Collection<LakeTask>;
  readonly files: Collection<LakeFile>;
  readonly removed: Collection<RemovedFile>;
  readonly erased: Collection<LakeErased>;
  readonly erasures: Collection<LakeErasure>;
  readonly keeper: Collection<LakeKeeper>;
}

/** The lake's collections of a database. */
export function lakeCollections(db: Db): LakeCollections {
  return {
    tasks: db.collection(LAKE_COLLECTIONS.tasks),
    files: db.collection(LAKE_COLLECTIONS.files),
    removed: db.collection(LAKE_COLLECTIONS.removed),
    erased: db.collection(LAKE_COLLECTIONS.erased),
    erasures: db.collection(LAKE_COLLECTIONS.erasures),
    keeper: db.collection(LAKE_COLLECTIONS.keeper),
  };
}

/** Makes the collections and indexes that are missing. Safe to call from several processes at once. */
export async function prepareLake(db: Db): Promise<void> {
  const { files, removed } = lakeCollections(db);
  const names = Object.values(LAKE_COLLECTIONS);
  // A transaction can't make a collection that another is making.
  await Promise.all(names.map((name) => db.createCollection(name).catch(ignoreExisting)));
  await Promise.all([
    files.createIndex({ shop: 1, type: 1, period: 1 }),
    removed.createIndex({ deleteAt: 1 }),
  ]);
}

const NAMESPACE_EXISTS = 48;
function ignoreExisting(error: { code?: number }): void {
  if (error.code !== NAMESPACE_EXISTS) throw error;
}

/** Which files are wanted. @default all */
export interface LiveFilesFilter {
  readonly shop?: string;
  readonly types?: readonly string[];
  /** Event times, epoch ms: files that may hold some from `from` (inclusive) to `to` (exclusive). */
  readonly from?: number;
  readonly to?: number;
}

/** The lake at one instant. */
export interface LakeManifest {
  readonly files: readonly LakeFile[];
  readonly tasks: readonly LakeTask[];
  /** What was appended to any partition before it (epoch ms) is in these files. Null: not known of all. */
  readonly seamAt: number | null;
}

/**
 * Reads the live files and how far they go, both of one instant: a commit that comes meanwhile is in neither. The files
 * stay readable for ten minutes after they were replaced; those that an erasure replaces go at once: whoever finds one
 * missing reads the manifest again.
 */
export async function readManifest(
  client: MongoClient,
  db: Db,
  filter: LiveFilesFilter = {},
): Promise<LakeManifest> {
  const session = client.startSession({ snapshot: true });
  try {
    const { files, tasks } = lakeCollections(db);
    const foundTasks = await tasks.find({}, { session }).sort({ _id: 1 }).toArray();
    const foundFiles = await files.find(filesFilter(filter), { session }).sort({ _id: 1 }).toArray();
    const seams = foundTasks.map(({ seamAt }) => seamAt);
    const isKnown = seams.length > 0 && seams.every((at) => at !== null);
    return {
      files: foundFiles,
      tasks: foundTasks,
      seamAt: isKnown ? Math.min(...(seams as number[])) : null,
    };
  } finally {
    await session.endSession();
  }
}

/** The live files alone. See `readManifest`. */
export async function liveFiles(
  client: MongoClient,
  db: Db,
  filter: LiveFilesFilter = {},
): Promise<readonly LakeFile[]> {
  return (await readManifest(client, db, filter)).files;
}

function filesFilter({ shop, types, from, to }: LiveFilesFilter): Filter<LakeFile> {
  return {
    ...(shop === undefined ? {} : { shop }),
    ...(types === undefined ? {} : { type: { $in: [...types] } }),
    ...(from === undefined ? {} : { lastAt: { $gte: from } }),
    ...(to === undefined ? {} : { firstAt: { $lt: to } }),
  };
}
