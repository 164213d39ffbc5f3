import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  catalog,
  eventRegistry,
  KafkaSettingsSchema,
  type MetricDocument,
  readSettings,
  unescapeField,
} from '@storepulse/contracts';
import { createMongoStore } from '@storepulse/exporter/store/mongo-store';
import { appOver } from '@storepulse/exporter/testing/app';
import {
  createTelemetry,
  type Processor,
  readProcessorSettings,
  startProcessor,
} from '@storepulse/processor';
import { createKafka } from '@storepulse/processor/kafka/kafkajs';
import { openDatabase } from '@storepulse/processor/store/database';
import { anEvent, anOrder, SHOP } from '@storepulse/processor/testing/events';
import { BSON, MongoServerError } from 'mongodb';
import { pino } from 'pino';
import { machineClock } from './support/clock.ts';
import { untilDrained } from './support/pipeline/drained.ts';
import { fatesOf } from './support/pipeline/fates.ts';
import type { Pipeline } from './support/pipeline/pipeline.ts';
import { createSender, type TestSender } from './support/pipeline/sender.ts';
import { type Servers, useServers } from './support/servers.ts';
import { until } from './support/until.ts';

const WIDE = { ...SHOP, shop: 'wide', eventId: 'shop-wide' };
/** Enough for further documents in each of the four tasks. */
const CATEGORIES = 3_000;
const ORDERS = 5;
/** MongoDB's code for a transaction that is larger than it takes. */
const TRANSACTION_TOO_LARGE = 257;

let servers: Servers;
let pipeline: Pipeline;
let processor: Processor;
let send: TestSender;
const telemetry = createTelemetry();
/** Bytes of partials that MongoDB takes in one transaction. */
let mostBytes = Number.POSITIVE_INFINITY;

before(async () => {
  servers = await useServers();
  pipeline = servers.pipeline('wide-shops');
  processor = await startProcessor({
    catalog,
    events: eventRegistry,
    kafka: readSettings(KafkaSettingsSchema, pipeline.settings),
    mongo: { uri: servers.mongoUri, database: pipeline.name },
    settings: readProcessorSettings({}).processor,
    logger: pino({ level: 'silent' }),
    telemetry,
    onCrash: (error) => {
      throw error;
    },
    ports: { openKafka: createKafka, openDatabase: openLimited },
  });
  send = await createSender(pipeline);
  await send.events(SHOP, WIDE);
});

after(async () => {
  await processor?.stop();
  await servers?.[Symbol.asyncDispose]();
});

/** MongoDB with a limit of its own. */
async function openLimited(settings: Parameters<typeof openDatabase>[0]) {
  const database = await openDatabase(settings);
  const bulkWrite = database.partials.bulkWrite.bind(database.partials);
  database.partials.bulkWrite = async (operations, options) => {
    if (mostBytes < Number.POSITIVE_INFINITY && BSON.calculateObjectSize({ operations }) > mostBytes)
      throw new MongoServerError({ message: 'too large', code: TRANSACTION_TOO_LARGE });
    return bulkWrite(operations, options);
  };
  return database;
}

/** One view of each category from one number to before another, in the wide shop, by so many visitors. */
async function viewCategories(from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += 1_000) {
    const views = Array.from({ length: Math.min(1_000, to - at) }, (_, n) => {
      const event = anEvent('product_viewed', {
        ...{ shop: WIDE.shop, eventId: `view-event-${at + n}`, eventTime: Date.now(), sessionId: null },
        ...{ visitorId: `visitor ${n % 50}`, category: categoryOf(at + n) },
      } as Parameters<typeof anEvent>[1]);
      return {
        key: `${WIDE.shop}|visitor ${n % 50}`,
        value: JSON.stringify(event),
      };
    });
    await send.records('product-views', ...views);
  }
}
const categoryOf = (n: number) => `Home/item-page-${n}/some-long-product-name-as-category-${n}`;

/** Views by category over all documents of the wide shop's lifetime. */
async function viewsOf(resolution: string): Promise<Map<string, number>> {
  const found = pipeline.metrics.find({
    ...{ shop: WIDE.shop, group: 'behaviour', part: { $in: ['narrow', 'category'] } },
    resolution: resolution as MetricDocument['resolution'],
  });
  const views = new Map<string, number>();
  for await (const { cells } of found) {
    for (const [field, { product_views = 0 }] of Object.entries(cells.category ?? {})) {
      const category = unescapeField(field);
      views.set(category, (views.get(category) ?? 0) + (product_views as number));
    }
  }
  return views;
}

test('while one shop has thousands of categories, the orders of another are shown as soon as ever', async () => {
  const shown = async () => {
    const window = { shop: SHOP.shop, group: 'sales', part: 'narrow', resolution: 'all' } as const;
    return (await pipeline.metrics.findOne(window))?.cells.total?.all?.orders ?? 0;
  };
  const viewing = viewCategories(0, CATEGORIES);
  const times: number[] = [];
  for (let n = 1; n <= ORDERS; n++) {
    const elapsed = await machineClock.start();
    await send.events(anOrder({ eventTime: Date.now(), orderId: `order ${n}` }));
    await until(`order ${n} is shown`, shown, (orders) => orders === n);
    times.push(elapsed());
  }
  await viewing;
  assert.ok(Math.max(...times.slice(1)) < 5_000, `each within 5 s: ${times.map(Math.round)}`);
});

test('every view is counted under its category in every resolution, and no document is large', async () => {
  await untilDrained(pipeline);
  assert.deepEqual(await fatesOf(pipeline), { processed: 2 + ORDERS + CATEGORIES });
  for (const resolution of ['1m', '1h', '1d', 'all']) {
    const views = await viewsOf(resolution);
    assert.equal(views.size, CATEGORIES, resolution);
    assert.ok([...views.values()].every((n) => n === 1));
  }
  for (const collection of ['metrics', 'partials']) {
    const [largest] = await pipeline.db
      .collection(collection)
      .aggregate<{ bytes: number }>([{ $group: { _id: null, bytes: { $max: { $bsonSize: '$$ROOT' } } } }])
      .toArray();
    assert.ok(largest!.bytes < 1_000_000, `${collection}: ${largest!.bytes}`);
  }
  const further = await pipeline.metrics.countDocuments({ shop: WIDE.shop, part: 'category' });
  assert.ok(further > 16, 'further documents were needed');
});

test('any category is found by its name, and /metrics stays small', async (t) => {
  const store = createMongoStore({ uri: servers.mongoUri, database: pipeline.name });
  const app = await appOver(store);
  t.after(async () => {
    await app.close();
    await store.close();
  });
  const { body } = await app.inject({ url: '/metrics' });
  assert.ok(body.length < 500_000, `${body.length} bytes`);
  const sought = categoryOf(2_345);
  const found = await app.inject({
    url: `/api/v1/dimensions/category/values?shop=${WIDE.shop}&prefix=${encodeURIComponent(sought)}`,
  });
  const { values, complete } = found.json<{ values: string[]; complete: boolean }>();
  assert.deepEqual([values, complete], [[sought], true]);
});

test('commits that hit a limit of MongoDB become smaller, until all is counted once', async () => {
  mostBytes = 30_000;
  await viewCategories(CATEGORIES, CATEGORIES + 120);
  await untilDrained(pipeline);
  const [hits] = (await telemetry.commitsTooLarge.get()).values;
  assert.ok(hits!.value > 0, 'the limit was hit');
  mostBytes = Number.POSITIVE_INFINITY;
  const views = await viewsOf('all');
  assert.equal(views.size, CATEGORIES + 120);
  assert.equal(
    [...views.values()].reduce((sum, n) => sum + n, 0),
    CATEGORIES + 120,
  );
});
