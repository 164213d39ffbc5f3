import {
  type AnnotationDocument,
  type CheckpointDocument,
  COLLECTIONS,
  escapeField,
  type LayoutDocument,
  type MergeProgressDocument,
  type MetricDocument,
  type MongoSettings,
  NARROW_PART,
  type PartialDocument,
  SettingsError,
  type Shop,
  type StoredMetricDocument,
  TOTAL_VALUE,
  unescapeField,
  windowIdRanges,
} from '@storepulse/contracts';
import { mongoClient } from '@storepulse/contracts/mongo-client';
import type { Filter, MongoClient } from 'mongodb';
import { ExporterError } from '../errors.ts';
import { MAX_STREAMS } from '../live/streams.ts';
import { batchesOf } from './batches.ts';
import { countedSince } from './counted-since.ts';
import { createEventCounts } from './event-counts.ts';
import { createEventReads } from './event-reads.ts';
import { createFactReads } from './fact-reads.ts';
import { createLifetimeReads } from './lifetime-reads.ts';
import { createLiveReads } from './live-reads.ts';
import { createRateReads } from './rate-reads.ts';
import type { ReadOptions } from './read-options.ts';
import { type RecordDocument, recordQuery } from './record-reads.ts';
import { searchRecords } from './record-search.ts';
import { createRevisionReads } from './revision-reads.ts';
import type { Annotation, MetricStore, WindowSelection } from './store.ts';
import { translateStoreError } from './store-errors.ts';
import { createVisitReads } from './visit-reads.ts';
import { readWarehouse } from './warehouse-reads.ts';

/** Longest that one read may take on the server. */
const MAX_TIME_MS = 10_000;
/** A connection that is silent for longer than any read takes is dead, whatever others of the same server do. */
const SOCKET_TIMEOUT_MS = MAX_TIME_MS + 5_000;
/** How long a request waits for a server to be found before it is told that there is none. */
const SERVER_SELECTION_MS = 3_000;
const MAX_CONNECTIONS = 20;
const MAX_SHOPS = 10_000;
const MAX_TASKS = 10_000;
const MAX_METRICS = 10_000;
/** Partials that are added up for one query: some tenths of a second. */
const MAX_PARTIALS = 400_000;
/** Documents and sums per message of the server: few enough that taking one apart does not stop everything else. */
const NARROW_PER_BATCH = 500;
const WIDE_PER_BATCH = 50;
const COUNTS_PER_BATCH = 1_000;
const NO_METRIC = 'none';

/** What was counted of a window. */
interface CountedSum {
  /** The window's id. */
  readonly _id: string;
  readonly seq: number;
  readonly partials: number;
}

/**
 * Reads metrics from MongoDB's primary, with read concern `majority`: a figure that was shown is never rolled back.
 * @throws {SettingsError} when the connection string can't be used.
 */
export function createMongoStore(settings: MongoSettings): MetricStore {
  const client = connect(settings);
  const db = client.db(settings.database);
  // Streams hold their connections while they wait: queries have others.
  const following = connect(settings, MAX_STREAMS);
  const metrics = db.collection<MetricDocument>(COLLECTIONS.metrics);
  const partials = db.collection<PartialDocument>(COLLECTIONS.partials);
  // One session for all reads: after a fail-over, none shows less than one before it has shown.
  const session = client.startSession({ causalConsistency: true });
  const limits = { maxTimeMS: MAX_TIME_MS, session };
  const limitsOf = ({ signal, timeoutMs = MAX_TIME_MS }: ReadOptions = {}) => ({
    session,
    maxTimeMS: Math.min(MAX_TIME_MS, timeoutMs),
    ...(signal ? { signal } : {}),
  });

  const store: MetricStore = {
    shops: () =>
      db
        .collection<Shop>(COLLECTIONS.shops)
        .find({}, { ...limits, limit: MAX_SHOPS, sort: { _id: 1 } })
        .toArray(),

    windows: (selection, limit, options) =>
      withinLimit(
        batchesOf(
          metrics.find(windowFilter(selection), {
            ...limitsOf(options),
            ...documentsOf(selection),
            limit: limit + 1,
          }),
        ),
        limit,
      ),
    windowsOf: (ids, selection, options) =>
      batchesOf(
        metrics.find({ _id: { $in: [...ids] } }, { ...limitsOf(options), ...documentsOf(selection) }),
      ),
    windowIds: async (selection, limit) => {
      const found = await metrics
        .find(windowFilter(selection), { ...limits, limit: limit + 1, projection: { _id: 1 } })
        .toArray();
      if (found.length > limit) throw tooManyWindows(limit);
      return found.map(({ _id }) => _id);
    },

    counted: async ({ shop, groups, parts, tiles }, options) => {
      const ranges = groups.flatMap((group) =>
        parts.flatMap((part) =>
          tiles.flatMap(({ resolution, from, to }) =>
            windowIdRanges({ shop, group, part, resolution }, from, to),
          ),
        ),
      );
      if (ranges.length === 0) return new Map();
      // Answered from the index on window and seq alone: no partial is fetched.
      const sums = partials.aggregate<CountedSum>(
        [
          { $match: { $or: ranges.map(([from, to]) => ({ window: { $gte: from, $lt: to } })) } },
          { $limit: MAX_PARTIALS + 1 },
          { $group: { _id: '$window', seq: { $sum: '$seq' }, partials: { $sum: 1 } } },
        ],
        { ...limitsOf(options), batchSize: COUNTS_PER_BATCH },
      );
      const counted = new Map<string, number>();
      let found = 0;
      for await (const batch of batchesOf<CountedSum>(sums)) {
        for (const sum of batch) {
          counted.set(sum._id, sum.seq);
          found += sum.partials;
        }
        if (found > MAX_PARTIALS) throw tooManyPartials();
      }
      return counted;
    },
    firstDay: async (shop, groups) => {
      // The index has each group in order: MongoDB merges them and reads one entry of each.
      const first = await metrics.findOne(
        { shop, group: { $in: [...groups] }, part: NARROW_PART, resolution: '1d' },
        { ...limits, sort: { start: 1 }, projection: { _id: 0, start: 1 } },
      );
      return first?.start.getTime() ?? null;
    },

    annotations: async ({ shop, from, to, tags }, limit) => {
      const found = await db
        .collection<AnnotationDocument>(COLLECTIONS.annotations)
        .find(
          {
            shop,
            start: { $lt: to },
            $or: [{ end: { $gte: from } }, { end: { $exists: false } }],
            ...(tags.length > 0 ? { tags: { $all: [...tags] } } : {}),
          },
          { ...limits, sort: { start: -1 }, limit },
        )
        .toArray();
      return found.reverse() as Annotation[];
    },

    ...createRateReads(db, limitsOf),

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

    ...createLifetimeReads(metrics, limits),

    ...createFactReads(db, limitsOf),

    records: (selection, limit, options) => {
      const { collection, filter, sort, batchSize } = recordQuery(selection);
      return batchesOf(
        db
          .collection<RecordDocument>(collection)
          .find(filter, { ...limitsOf(options), raw: true, sort, batchSize, limit }),
      );
    },
    search: (selection, options) => searchRecords(db, selection, limitsOf(options)),

    ...createRevisionReads(db, limits),
    ...createVisitReads(db, limitsOf),
    ...createEventReads(db, limitsOf),
    ...createEventCounts(db, limitsOf),
    ...createLiveReads(following.db(settings.database), MAX_TIME_MS),
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

    warehouse: () => readWarehouse(db, limits),
    merging: () =>
      db
        .collection<MergeProgressDocument>(COLLECTIONS.mergeProgress)
        .find({}, { ...limits, limit: MAX_TASKS, projection: { behind: 1, updatedAt: 1 } })
        .toArray(),

    countedSince: async () =>
      countedSince(
        await db
          .collection<StoredMetricDocument>(COLLECTIONS.storedMetrics)
          .find(
            {},
            {
              ...limits,
              limit: MAX_METRICS,
              projection: { generations: 1, started: 1, rebuilds: 1, forgotten: 1 },
            },
          )
          .toArray(),
      ),

    productNames: async (shop, skus, options) => {
      const found = await db
        .collection<{ _id: string; sku: string; name: string }>(COLLECTIONS.products)
        .find(
          { _id: { $in: skus.map((sku) => `${shop}|${sku}`) } },
          { ...limitsOf(options), projection: { _id: 0, sku: 1, name: 1 } },
        )
        .toArray();
      return new Map(found.map(({ sku, name }) => [sku, name]));
    },

    knownValues: async ({ shop, groups, parts, dimension }, values, options) => {
      const pathOf = (value: string) => `cells.${dimension}.${escapeField(value)}`;
      const found = await metrics
        .find(
          { shop, group: { $in: [...groups] }, part: { $in: [...parts] }, resolution: 'all' },
          {
            ...limitsOf(options),
            // Of a cell nothing is needed but that it is there: no metric has this name.
            projection: Object.fromEntries(values.map((value) => [`${pathOf(value)}.${NO_METRIC}`, 1])),
          },
        )
        .toArray();
      const has = (value: string) =>
        found.some(({ cells }) => Object.hasOwn(cells?.[dimension] ?? {}, escapeField(value)));
      return new Set(values.filter(has));
    },

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
      await Promise.all([client.close(), following.close()]);
    },
  };
  return translateStoreError(store, () => client.connect());
}

/** What is read of a document: of a wide part all, since it holds nothing but the dimension. */
function documentsOf({ parts, dimension }: Pick<WindowSelection, 'parts' | 'dimension'>) {
  const isWide = !parts.includes(NARROW_PART);
  const projection = { start: 1, version: 1, final: 1, [`cells.${dimension}`]: 1 };
  return {
    raw: true,
    batchSize: isWide ? WIDE_PER_BATCH : NARROW_PER_BATCH,
    ...(isWide ? {} : { projection }),
  };
}

async function* withinLimit(
  batches: AsyncIterable<readonly Buffer[]>,
  limit: number,
): AsyncGenerator<readonly Buffer[]> {
  let read = 0;
  for await (const batch of batches) {
    read += batch.length;
    if (read > limit) throw tooManyWindows(limit);
    yield batch;
  }
}

const tooManyWindows = (limit: number) =>
  new ExporterError(
    'too_many_windows',
    `more than ${limit} stored windows would be read: choose a shorter range or a longer interval`,
  );
const tooManyPartials = () =>
  new ExporterError(
    'too_many_windows',
    `windows of more than ${MAX_PARTIALS} partials would be read: choose a shorter range or a longer interval`,
  );

/** Makes a client, which connects at its first use. */
function connect(settings: MongoSettings, maxPoolSize = MAX_CONNECTIONS): MongoClient {
  try {
    return mongoClient(settings, {
      appName: 'storepulse-exporter',
      serverSelectionTimeoutMS: SERVER_SELECTION_MS,
      socketTimeoutMS: SOCKET_TIMEOUT_MS,
      maxPoolSize,
      // Sketches as plain bytes.
      promoteBuffers: true,
    });
  } catch (error) {
    throw new SettingsError(`MONGODB_URI can't be used: ${(error as Error).message}`);
  }
}

function windowFilter({
  shop,
  groups,
  parts,
  tiles,
}: Omit<WindowSelection, 'dimension'>): Filter<MetricDocument> {
  return {
    shop,
    group: { $in: [...groups] },
    part: { $in: [...parts] },
    $or: tiles.map(({ resolution, from, to }) => ({
      resolution,
      start: { $gte: new Date(from), $lt: new Date(to) },
    })),
  };
}
