import { type Catalog, COLLECTIONS, type StoredMetricDocument } from '@storepulse/contracts';
import type { Database } from './database.ts';
import { storedMetricsOf } from './stored-metrics.ts';

/** One step of the stored layout, from the version before it. A process may die in it: doing it again is harmless. */
export interface Migration {
  /** The version that it leads to. */
  readonly to: number;
  readonly run: (database: Database, catalog: Catalog) => Promise<void>;
}

/** All steps, in order. */
export const migrations: readonly Migration[] = [
  { to: 2, run: describeMetricsOneByOne },
  // 2 → 3: dimensions go on in further documents as they grow, instead of having a fixed number of them. What was stored
  // stays as it is, since a value's measures are the sum over all documents; but older releases must not write beside.
  { to: 3, run: async () => undefined },
  // 3 → 4: reviews are stored. A task of an older release would not clear those of a customer who is erased.
  { to: 4, run: async () => undefined },
  // 4 → 5: the processor takes off windows whose time has passed (`store/database.ts` changes the index). An older release
  // would have MongoDB do it, and so leave them on the topic.
  { to: 5, run: async () => undefined },
];

/** The record of layout 1: one map of hashes, without when and where counting began. */
interface LayoutOne {
  readonly schemaHashes?: Readonly<Record<string, string>>;
}

/**
 * 1 → 2: each stored metric has a document of its own. What layout 1 counted is taken to be counted from the log's
 * beginning by every task; a metric that the catalogue no longer has was removed on purpose, as layout 1 allowed.
 */
async function describeMetricsOneByOne(database: Database, catalog: Catalog): Promise<void> {
  const layout = (await database.meta.findOne({ _id: 'layout' })) as LayoutOne | null;
  const tasks = await database.checkpoints.distinct('_id');
  const started = Object.fromEntries(tasks.map((task) => [task, { offsets: {} }]));
  const measures = new Map(storedMetricsOf(catalog).map(({ name, measure }) => [name, measure]));
  const documents = Object.entries(layout?.schemaHashes ?? {}).map(([_id, hash]): StoredMetricDocument => {
    const isSame = catalog.schemaHashes.get(_id) === hash;
    return {
      _id,
      measure: isSame ? measures.get(_id)! : null,
      generations: [{ hash, from: 0, at: new Date() }],
      started,
      ...(measures.has(_id) ? {} : { forgotten: true }),
    };
  });
  for (const { _id, ...fields } of documents) {
    await database.storedMetrics.updateOne({ _id }, { $setOnInsert: fields }, { upsert: true });
  }
  await database.db.collection(COLLECTIONS.meta).updateMany({}, { $unset: { schemaHashes: true } });
}
