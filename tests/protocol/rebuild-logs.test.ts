import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, eventRegistry, type StoredMetric, type StoredMetricDocument } from '@storepulse/contracts';
import type { GroupConsumer, InputRecord, Kafka } from '@storepulse/processor/kafka/port';
import { requestRebuild } from '@storepulse/processor/rebuild/request';
import { type RunDependencies, runRebuild } from '@storepulse/processor/rebuild/run';
import { readProcessorSettings } from '@storepulse/processor/settings';
import type { Database } from '@storepulse/processor/store/database';
import { newDocument } from '@storepulse/processor/store/stored-metrics';
import { anOrder, NOON } from '@storepulse/processor/testing/events';
import { memoryKafka } from '@storepulse/processor/testing/memory-kafka';
import { useDatabases } from './databases.ts';
import { batchOf, SILENT, taskDependencies } from './facts-task.ts';

const aDatabase = useDatabases();
const METRIC = catalog.metrics.get('orders') as StoredMetric;
const UNKNOWN = { seq: 0, publishedSeq: 0, watermarks: {}, latest: {}, fates: {}, late: 0 };

/** Ten orders in a log of the given topic, and a live task that has read `offset` of the log of the topic `noted`. */
async function aRebuild(topicId: string, noted: string, offset: number) {
  const database = await aDatabase();
  const { records } = batchOf(Array.from({ length: 10 }, (_, n) => anOrder({ orderId: `o${n}` })));
  const bounds = [{ partition: 0, low: 0, high: records.length, topicId }];
  const kafka: Kafka = {
    ...memoryKafka([records]).kafka,
    bounds: async () => bounds,
    knownBounds: async (topics) => ({
      bounds: new Map(topics.map((topic) => [topic, bounds])),
      unavailable: [],
    }),
    offsetsAt: async () => new Map([[0, 0]]),
    consumer: () => reader(records),
  };
  await checkpointOf(database.checkpoints, 'facts/0', noted, offset);
  await database.storedMetrics.insertOne({
    ...newDocument(METRIC, catalog),
    started: { 'facts/0': { offsets: { transactions: 5 } } },
  } as StoredMetricDocument);
  const dependencies: RunDependencies = {
    ...taskDependencies(database),
    ...{ catalog, events: eventRegistry, database, kafka, partitions: 1 },
    ...{ settings: readProcessorSettings({}).processor, sender: SILENT },
    ...{ onProgress: () => undefined, signal: AbortSignal.timeout(60_000) },
  };
  return { database, dependencies };
}

/** The member that is assigned the one partition, and reads it on from where it is resumed. */
function reader(records: readonly InputRecord[]): GroupConsumer {
  let position = 0;
  let deliver: (() => Promise<void>) | undefined;
  return {
    start: async ({ onAssigned, onBatch }) => {
      deliver = async () => {
        const left = records.slice(position);
        const control = { resolve: () => undefined, isCurrent: () => true };
        const end = records.length;
        await onBatch({ topic: 'transactions', partition: 0, records: left, next: end, end }, control);
      };
      onAssigned([{ topic: 'transactions', partitions: [0] }]);
    },
    seek: (_topic, _partition, offset) => {
      position = offset;
    },
    resume: () => void deliver?.(),
    pause: () => undefined,
    commit: async () => undefined,
    stop: async () => undefined,
  };
}

/** Writes what a task has read of a topic. */
async function checkpointOf(
  collection: Database['checkpoints'],
  task: string,
  topicId: string,
  offset: number,
): Promise<void> {
  await collection.insertOne({
    ...{ _id: task, epoch: 1, owner: 'test', lsid: null, caughtUp: false, updatedAt: new Date(NOON) },
    ...UNKNOWN,
    offsets: { transactions: offset },
    logs: { transactions: { topicId, epoch: null, end: offset } },
  });
}

const ordersOf = async ({ partials }: Database, task: string) => {
  const found = await partials.findOne({ task, window: { $regex: '\\|sales\\|narrow\\|all\\|' } });
  return found?.cells.total?.all?.orders;
};

test('what lies before the live task’s beginning is counted, and nothing behind it', async () => {
  const { database, dependencies } = await aRebuild('one', 'one', 10);
  const rebuild = await requestRebuild('orders', undefined, dependencies);
  assert.deepEqual(await runRebuild(rebuild!, dependencies), { lost: 0 });
  assert.equal(await ordersOf(database, 'rebuild-orders-1/facts/0'), 5);
});

test('a topic that was made anew, which the live task does not know yet, is not read again', async () => {
  const { database, dependencies } = await aRebuild('another', 'one', 8);
  await assert.rejects(requestRebuild('orders', undefined, dependencies), {
    code: 'REBUILD_REFUSED',
    message: /transactions was deleted and made anew.+then start the rebuild again/,
  });
  assert.equal((await database.storedMetrics.findOne({ _id: 'orders' }))?.rebuilds, undefined);
});

test('a topic that is made anew while it is read again ends the rebuild; the live task counts what is new', async () => {
  const { database, dependencies } = await aRebuild('one', 'one', 10);
  const rebuild = (await requestRebuild('orders', undefined, dependencies))!;
  await checkpointOf(
    database.db.collection('rebuild-checkpoints'),
    'rebuild-orders-1/facts/0',
    'the one before',
    2,
  );
  await assert.rejects(runRebuild(rebuild, dependencies), { code: 'REBUILD_REFUSED', message: /made anew/ });
  assert.equal(await ordersOf(database, 'rebuild-orders-1/facts/0'), undefined);

  // The live task has noticed, and has noted that it counts the new topic from its beginning.
  const begin = { 'started.facts/0.offsets.transactions': 0 };
  await database.storedMetrics.updateOne({ _id: 'orders' }, { $set: begin });
  const again = (await requestRebuild('orders', undefined, dependencies))!;
  await runRebuild(again, dependencies);
  assert.equal(await ordersOf(database, 'rebuild-orders-1/facts/0'), undefined);
});

test('a live task that meets a log which was cut off ends a rebuild that is to read beyond', async () => {
  const { database, dependencies } = await aRebuild('one', 'one', 10);
  const rebuild = (await requestRebuild('orders', undefined, dependencies))!;
  const begin = { 'started.facts/0.offsets.transactions': 3 };
  await database.storedMetrics.updateOne({ _id: 'orders' }, { $set: begin });
  await assert.rejects(runRebuild(rebuild, dependencies), { code: 'REBUILD_REFUSED', message: /cut off/ });
  const again = (await requestRebuild('orders', undefined, dependencies))!;
  await runRebuild(again, dependencies);
  assert.equal(await ordersOf(database, 'rebuild-orders-1/facts/0'), 3);
});
