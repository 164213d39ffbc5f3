import {
  type CheckpointDocument,
  COLLECTIONS,
  type ErasedCustomerDocument,
  type ErasureDocument,
  type LayoutDocument,
  type MergeProgressDocument,
  type MetricDocument,
  type MongoSettings,
  type OpenVisitDocument,
  type PartialDocument,
  type StoredMetricDocument,
  unfitTopology,
} from '@storepulse/contracts';
import { mongoClient } from '@storepulse/contracts/mongo-client';
import type { Collection, Db, IndexDescription, MongoClient } from 'mongodb';
import type { EventIdsDocument } from '../aggregate/event-ids.ts';
import type { FactCollections } from '../aggregate/facts.ts';
import type { SessionDocument, VisitShareDocument } from '../aggregate/sessions.ts';
import { searchIndexes } from './search-indexes.ts';

/** A record of `shops`, `customers` or `products` as stored: `_id` is its Kafka key. */
export type RecordDocument = { readonly _id: string } & Record<string, unknown>;

/** The processor's view of MongoDB. */
export interface Database {
  readonly client: MongoClient;
  readonly db: Db;
  readonly metrics: Collection<MetricDocument>;
  readonly partials: Collection<PartialDocument>;
  readonly checkpoints: Collection<CheckpointDocument>;
  readonly sessions: Collection<SessionDocument>;
  readonly visitShares: Collection<VisitShareDocument>;
  readonly eventIds: Collection<EventIdsDocument>;
  readonly facts: FactCollections;
  readonly erasedCustomers: Collection<ErasedCustomerDocument>;
  readonly erasures: Collection<ErasureDocument>;
  readonly mergeProgress: Collection<MergeProgressDocument>;
  readonly meta: Collection<LayoutDocument>;
  readonly storedMetrics: Collection<StoredMetricDocument>;
  readonly openVisits: Collection<OpenVisitDocument>;
  close(): Promise<void>;
}

/**
 * Connects to the primary, with majority reads and journaled majority writes, whatever the connection string says.
 * @throws an error when it can't be reached, or is no replica set.
 */
export async function openDatabase(settings: MongoSettings): Promise<Database> {
  const client = mongoClient(settings, {
    appName: 'storepulse-processor',
    serverSelectionTimeoutMS: 10_000,
    maxPoolSize: 50,
  });
  await client.connect();
  const unfit = unfitTopology(await client.db('admin').command({ hello: 1 }));
  if (unfit !== undefined) {
    await client.close();
    throw new Error(unfit);
  }
  const db = client.db(settings.database);
  return {
    client,
    db,
    metrics: db.collection(COLLECTIONS.metrics),
    partials: db.collection(COLLECTIONS.partials),
    checkpoints: db.collection(COLLECTIONS.checkpoints),
    sessions: db.collection(COLLECTIONS.sessions),
    visitShares: db.collection(COLLECTIONS.visitShares),
    eventIds: db.collection(COLLECTIONS.eventIds),
    facts: (name) => db.collection(name),
    erasedCustomers: db.collection(COLLECTIONS.erasedCustomers),
    erasures: db.collection(COLLECTIONS.erasures),
    mergeProgress: db.collection(COLLECTIONS.mergeProgress),
    meta: db.collection(COLLECTIONS.meta),
    storedMetrics: db.collection(COLLECTIONS.storedMetrics),
    openVisits: db.collection(COLLECTIONS.openVisits),
    close: () => client.close(),
  };
}

/** The clock of the primary, epoch ms. */
export async function serverTime({ client }: Database): Promise<number> {
  const { localTime } = await client.db('admin').command({ hello: 1 });
  return (localTime as Date).getTime();
}

/** The index by which visits are found that are due to be settled. */
export const UNSETTLED_VISITS = {
  key: { task: 1, shop: 1, lastTime: 1 },
  partialFilterExpression: { settled: false },
} as const;

/**
 * The index by which windows are found whose time to be kept has passed. The merge stage takes them off, and off the topic
 * `metrics`; MongoDB does it by itself where no processor has run for a week.
 */
const ENDED_WINDOWS = { key: { expireAt: 1 }, expireAfterSeconds: 7 * 86_400 } as const;

/** Creates collections and indexes that are missing. A transaction must not have to create a collection. */
export async function prepareDatabase({ db }: Database): Promise<void> {
  const indexes: Record<string, IndexDescription[]> = {
    [COLLECTIONS.metrics]: [
      { key: { shop: 1, group: 1, part: 1, resolution: 1, start: 1 } },
      { key: { shop: 1, end: 1 }, partialFilterExpression: { final: false } },
      // The exporter tells which windows late events have corrected.
      { key: { shop: 1, start: 1 }, partialFilterExpression: { revision: { $gt: 0 } } },
      ENDED_WINDOWS,
    ],
    [COLLECTIONS.partials]: [
      { key: { task: 1, seq: 1 } },
      // The exporter asks it how much of a window has been counted.
      { key: { window: 1, seq: 1 } },
      { key: { expireAt: 1 }, expireAfterSeconds: 0 },
    ],
    // The exporter's funnels go over the visits that began in a time.
    [COLLECTIONS.sessions]: [
      UNSETTLED_VISITS,
      { key: { shop: 1, firstTime: 1 } },
      { key: { expireAt: 1 }, expireAfterSeconds: 0 },
    ],
    [COLLECTIONS.visitShares]: [{ key: { owner: 1 } }],
    [COLLECTIONS.eventIds]: [{ key: { task: 1 } }],
    [COLLECTIONS.checkpoints]: [],
    [COLLECTIONS.mergeProgress]: [],
    [COLLECTIONS.meta]: [],
    [COLLECTIONS.storedMetrics]: [],
    [COLLECTIONS.openVisits]: [{ key: { set: 1 } }],
    [COLLECTIONS.annotations]: [{ key: { shop: 1, start: 1 } }],
    [COLLECTIONS.rebuildCheckpoints]: [],
    [COLLECTIONS.shops]: [],
    [COLLECTIONS.shopTerms]: [],
    [COLLECTIONS.customers]: [{ key: { shop: 1, createdAt: 1, _id: 1 } }, ...searchIndexes('customers')],
    [COLLECTIONS.erasedCustomers]: [],
    [COLLECTIONS.erasures]: [{ key: { task: 1 } }],
    // The exporter's metrics over facts go over whole shops: an index each holds all that they read of a document. Indexes
    // that end with `_id` are what its lists of records and events are sorted by: a page begins where the one before has ended.
    [COLLECTIONS.products]: [
      { key: { shop: 1, stock: 1, _id: 1, category: 1 } },
      { key: { shop: 1, price: 1, _id: 1 } },
      ...searchIndexes('products'),
    ],
    orders: [
      { key: { shop: 1, eventTime: 1, _id: 1 } },
      { key: { shop: 1, total: 1, _id: 1 } },
      {
        key: {
          shop: 1,
          customerId: 1,
          eventTime: 1,
          subtotal: 1,
          discount: 1,
          country: 1,
          device: 1,
          channel: 1,
          paymentMethod: 1,
        },
      },
    ],
    'order-edits': [
      { key: { shop: 1, eventTime: 1, _id: 1 } },
      { key: { shop: 1, orderId: 1 } },
      {
        key: { shop: 1, customerId: 1, eventTime: 1, total: 1, shipping: 1, tax: 1, discountAsSold: 1 },
      },
    ],
    refunds: [
      { key: { shop: 1, eventTime: 1, _id: 1 } },
      { key: { shop: 1, orderId: 1 } },
      {
        key: { shop: 1, customerId: 1, eventTime: 1, amount: 1, shipping: 1, tax: 1, discountAsSold: 1 },
      },
    ],
    payments: [
      { key: { shop: 1, eventTime: 1, _id: 1 } },
      { key: { shop: 1, customerId: 1 } },
      {
        key: { shop: 1, orderId: 1, eventTime: 1, type: 1, country: 1, device: 1, channel: 1, method: 1 },
      },
    ],
    adjustments: [{ key: { shop: 1, eventTime: 1, _id: 1 } }, { key: { shop: 1, customerId: 1 } }],
    'stock-movements': [{ key: { shop: 1, eventTime: 1, _id: 1 } }, { key: { shop: 1, customerId: 1 } }],
    // The rate that holds for a day: the one told last.
    'exchange-rates': [
      { key: { shop: 1, eventTime: 1, _id: 1 } },
      { key: { shop: 1, toCurrency: 1, day: -1, eventTime: -1 } },
    ],
    cancellations: [{ key: { shop: 1, eventTime: 1, _id: 1 } }, { key: { shop: 1, customerId: 1 } }],
    reviews: [
      { key: { shop: 1, eventTime: 1, _id: 1 } },
      { key: { shop: 1, sku: 1, eventTime: 1, _id: 1 } },
      { key: { shop: 1, customerId: 1 } },
      ...searchIndexes('reviews'),
    ],
  };
  const existing = new Set(
    (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name),
  );
  await Promise.all(
    Object.entries(indexes).map(async ([name, specs]) => {
      // With its indexes at once, MongoDB makes a collection in half the time.
      if (!existing.has(name) && specs.length === 0) await db.createCollection(name).catch(ignoreExisting);
      if (existing.has(name) && name === COLLECTIONS.metrics) await keepEndedWindows(db);
      if (specs.length > 0) await db.collection(name).createIndexes(specs);
    }),
  );
  await Promise.all(
    OUTDATED_INDEXES.filter(([name]) => existing.has(name)).map(async ([name, index]) => {
      // Looked up first: dropping waits until no transaction uses the collection, even when there is nothing to drop,
      // and the transaction of a killed processor is open for a minute.
      if (await db.collection(name).indexExists(index)) await db.collection(name).dropIndex(index);
    }),
  );
}

/** Earlier releases had MongoDB take windows off at once. */
async function keepEndedWindows(db: Db): Promise<void> {
  const { key: keyPattern, expireAfterSeconds } = ENDED_WINDOWS;
  const found = await db.collection(COLLECTIONS.metrics).indexes();
  const isOld = found.some(
    (index) => 'expireAt' in index.key && index.expireAfterSeconds !== expireAfterSeconds,
  );
  if (isOld) await db.command({ collMod: COLLECTIONS.metrics, index: { keyPattern, expireAfterSeconds } });
}

/** Indexes of earlier releases that others have taken the place of, by collection. */
const OUTDATED_INDEXES = [
  ['customers', 'shop_1'],
  ['products', 'shop_1_stock_1_category_1'],
  ['orders', 'shop_1_eventTime_1'],
  ['refunds', 'shop_1_eventTime_1'],
  ['adjustments', 'shop_1_eventTime_1'],
  ['stock-movements', 'shop_1_eventTime_1'],
  ['cancellations', 'shop_1_eventTime_1'],
  ['refunds', 'shop_1_customerId_1_eventTime_1_amount_1'],
  ['refunds', 'shop_1_customerId_1_eventTime_1_amount_1_shipping_1_tax_1'],
  ['order-edits', 'shop_1_customerId_1_eventTime_1_total_1_shipping_1_tax_1'],
] as const;

/** Another process may create the same collection at the same time. */
export function ignoreExisting(error: { code?: number }): void {
  if (error.code !== 48) throw error;
}
