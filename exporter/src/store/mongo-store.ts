import {
  type CheckpointDocument,
  COLLECTIONS,
  type LayoutDocument,
  type MergeProgressDocument,
  type MetricDocument,
  type MongoSettings,
  mongoConnection,
  NARROW_PART,
  type PartialDocument,
  SettingsError,
  type Shop,
  TOTAL_VALUE,
  unescapeField,
  windowIdRanges,
} from '@storepulse/contracts';
import { type Filter, MongoClient } from 'mongodb';
import { ExporterError } from '../errors.ts';
import { createFactReads } from './fact-reads.ts';
import type { MetricStore, WindowSelection } from './store.ts';
import { translateStoreError } from './store-errors.ts';

/** Longest that one read may take on the server. */
const MAX_TIME_MS = 10_000;
/** A connection that is silent for longer than any read takes is dead, whatever others of the same server do. */
const SOCKET_TIMEOUT_MS = MAX_TIME_MS + 5_000;
/** How long a request waits for a server to be found before it is told that there is none. */
const SERVER_SELECTION_MS = 3_000;
const MAX_CONNECTIONS = 20;
const MAX_SHOPS = 10_000;
const MAX_TASKS = 10_000;

/**
 * Reads metrics from MongoDB's primary, with read concern `majority`: a figure that was shown is never rolled back.
 * @throws {SettingsError} when the connection string can't be used.
 */
export function createMongoStore(settings: MongoSettings): MetricStore {
  const client = connect(settings);
  const db = client.db(settings.database);
  const metrics = db.collection<MetricDocument>(COLLECTIONS.metrics);
  const partials = db.collection<PartialDocument>(COLLECTIONS.partials);
  // One session for all reads: after a fail-over, none shows less than one before it has shown.
  const session = client.startSession({ causalConsistency: true });
  const limits = { maxTimeMS: MAX_TIME_MS, session };

  const store: MetricStore = {
    shops: () =>
      db
        .collection<Shop>(COLLECTIONS.shops)
        .find({}, { ...limits, limit: MAX_SHOPS, sort: { _id: 1 } })
        .toArray(),

    windows: async (selection, limit) => {
      const path = `cells.${selection.dimension}` as const;
      const found = await metrics
        .find(windowFilter(selection), {
          ...limits,
          limit: limit + 1,
          batchSize: limit,
          projection: { start: 1, version: 1, final: 1, [path]: 1 },
        })
        .toArray();
      if (found.length > limit) {
        throw new ExporterError(
          'too_many_windows',
          `more than ${limit} stored windows would be read: choose a shorter range or a longer interval`,
        );
      }
      return found.map(({ _id, start, version, final, cells }) => ({
        ...{ id: _id, version, final, start: start.getTime() },
        cells: cells?.[selection.dimension] ?? {},
      }));
    },

    counted: async ({ shop, groups, part, tiles }) => {
      const ranges = groups.flatMap((group) =>
        tiles.flatMap(({ resolution, from, to }) =>
          windowIdRanges({ shop, group, part, resolution }, from, to),
        ),
      );
      if (ranges.length === 0) return new Map();
      // Answered from the index on window and seq alone: no partial is fetched.
      const sums = partials.aggregate<{ _id: string; seq: number }>(
        [
          { $match: { $or: ranges.map(([from, to]) => ({ window: { $gte: from, $lt: to } })) } },
          { $group: { _id: '$window', seq: { $sum: '$seq' } } },
        ],
        limits,
      );
      return new Map((await sums.toArray()).map(({ _id, seq }) => [_id, seq]));
    },
    firstDay: async (shop, groups) => {
      // The index has each group in order: MongoDB merges them and reads one entry of each.
      const first = await metrics.findOne(
        { shop, group: { $in: [...groups] }, part: NARROW_PART, resolution: '1d' },
        { ...limits, sort: { start: 1 }, projection: { _id: 0, start: 1 } },
      );
      return first?.start.getTime() ?? null;
    },

    totals: async ({ shops, group, tile: { resolution, from, to } }) => {
      const found = await metrics
        .find(
          {
            shop: { $in: [...shops] },
            group,
            part: NARROW_PART,
            resolution,
            start: { $gte: new Date(from), $lt: new Date(to) },
          },
          { ...limits, projection: { _id: 0, shop: 1, 'cells.total': 1 } },
        )
        .toArray();
      return found.flatMap(({ shop, cells }) => {
        const cell = cells?.total?.[TOTAL_VALUE];
        return cell ? [{ shop, cell }] : [];
      });
    },

    lifetimes: (shops, groups) =>
      metrics
        .find(
          { shop: { $in: [...shops] }, group: { $in: [...groups] }, part: NARROW_PART, resolution: 'all' },
          { ...limits, projection: { _id: 0, shop: 1, group: 1, cells: 1 } },
        )
        .toArray(),

    ...createFactReads(db, limits),

    progress: () =>
      db
        .collection<CheckpointDocument>(COLLECTIONS.checkpoints)
        .find(
          {},
          {
            ...limits,
            limit: MAX_TASKS,
            projection: { offsets: 1, watermarks: 1, latest: 1, since: 1, levelAt: 1 },
          },
        )
        .toArray(),

    merging: () =>
      db
        .collection<MergeProgressDocument>(COLLECTIONS.mergeProgress)
        .find({}, { ...limits, limit: MAX_TASKS, projection: { behind: 1, updatedAt: 1 } })
        .toArray(),

    dimensionValues: async (selection) => {
      if (selection.tiles.length === 0) return [];
      const names = metrics.aggregate<{ _id: string }>(
        [
          { $match: windowFilter(selection) },
          { $project: { cell: { $objectToArray: { $ifNull: [`$cells.${selection.dimension}`, {}] } } } },
          { $unwind: '$cell' },
          { $group: { _id: '$cell.k' } },
        ],
        limits,
      );
      return (await names.toArray()).map(({ _id }) => unescapeField(_id));
    },

    layoutVersion: async () => {
      const layout = await db
        .collection<LayoutDocument>(COLLECTIONS.meta)
        .findOne({ _id: 'layout' }, { ...limits, projection: { version: 1 } });
      return layout?.version ?? null;
    },

    close: async () => {
      await session.endSession();
      await client.close();
    },
  };
  return translateStoreError(store, () => client.connect());
}

/** Makes a client, which connects at its first use. */
function connect(settings: MongoSettings): MongoClient {
  try {
    const { uri, options } = mongoConnection(settings);
    return new MongoClient(uri, {
      ...options,
      appName: 'storepulse-exporter',
      serverSelectionTimeoutMS: SERVER_SELECTION_MS,
      socketTimeoutMS: SOCKET_TIMEOUT_MS,
      maxPoolSize: MAX_CONNECTIONS,
      // Sketches as plain bytes.
      promoteBuffers: true,
    });
  } catch (error) {
    throw new SettingsError(`MONGODB_URI can't be used: ${(error as Error).message}`);
  }
}

function windowFilter({ shop, groups, part, tiles }: WindowSelection): Filter<MetricDocument> {
  return {
    shop,
    group: { $in: [...groups] },
    part,
    $or: tiles.map(({ resolution, from, to }) => ({
      resolution,
      start: { $gte: new Date(from), $lt: new Date(to) },
    })),
  };
}
