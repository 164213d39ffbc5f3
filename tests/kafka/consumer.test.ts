import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type KafkaSettings, KafkaSettingsSchema, readSettings, topicName } from '@storepulse/contracts';
import { RecordsTooLarge } from '@storepulse/processor/errors';
import { createKafka } from '@storepulse/processor/kafka/kafkajs';
import type { GroupConsumer, Kafka, TopicPartitions } from '@storepulse/processor/kafka/port';
import { type Admin, CompressionTypes, Kafka as KafkaJs, logLevel, type Producer } from 'kafkajs';
import { pino } from 'pino';
import { type Servers, useServers } from '../support/servers.ts';
import { until } from '../support/until.ts';

const PARTITIONS = 4;
let servers: Servers;
let client: KafkaJs;
let admin: Admin;
let topics = 0;

before(async () => {
  servers = await useServers({ mongo: false });
  client = new KafkaJs({ brokers: [servers.kafkaBrokers], logLevel: logLevel.NOTHING });
  admin = client.admin();
  await admin.connect();
});
after(async () => {
  await admin.disconnect();
  await servers[Symbol.asyncDispose]();
});

/** Topics under a prefix of their own, and what reads and writes them. */
async function aLog() {
  const settings = readSettings(KafkaSettingsSchema, {
    KAFKA_BROKERS: servers.kafkaBrokers,
    TOPIC_PREFIX: `${servers.unique(`consumer${++topics}`)}.`,
    TOPIC_PARTITIONS: String(PARTITIONS),
  });
  const kafka = createKafka(settings, 'test', pino({ level: 'silent' }));
  await kafka.prepareTopics();
  return { settings, kafka };
}

/** A member that begins at the first record, or where `positions` say, and notes what it reads. */
async function readAll(kafka: Kafka, { mostRecords = 500, failFirst = false } = {}) {
  const seen: { partition: number; offset: number; value: string }[] = [];
  const lost: number[] = [];
  const troubles = new Map<number, string | undefined>();
  const next = new Map<number, number>();
  let assignment: readonly TopicPartitions[] = [];
  let failed = !failFirst;
  const consumer: GroupConsumer = kafka.consumer({
    group: 'readers',
    topics: ['transactions'],
    taskGroupOf: () => 'readers',
    mostRecords,
  });
  await consumer.start({
    onAssigned: (parts) => {
      assignment = parts;
      for (const { topic, partitions } of parts)
        for (const partition of partitions) consumer.seek(topic, partition, next.get(partition) ?? 0);
      consumer.resume(parts);
    },
    onBatch: async ({ partition, records, next: behind }, { resolve }) => {
      if (!failed) {
        failed = true;
        throw new Error('away for once');
      }
      for (const { offset, value } of records) seen.push({ partition, offset, value: String(value) });
      next.set(partition, behind);
      resolve(behind - 1);
    },
    onPositionLost: (_topic, partition) => lost.push(partition),
    onTrouble: (_topic, partition, error) => troubles.set(partition, error?.message),
    onCrash: (error) => assert.fail(error),
  });
  return { consumer, seen, lost, troubles, next, assignment: () => assignment };
}
const valuesOf = (seen: readonly { value: string }[]) => seen.map(({ value }) => value).sort();

async function send(settings: KafkaSettings, values: readonly string[], compression = CompressionTypes.None) {
  const producer = client.producer();
  await producer.connect();
  const messages = values.map((value) => ({ key: value, value }));
  await producer.send({ topic: topicName('transactions', settings), compression, messages });
  await producer.disconnect();
}
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => String(from + n).padStart(5, '0'));

test('all records of all partitions come once, in order, packed or not, also after a batch that failed', async () => {
  const { settings, kafka } = await aLog();
  await send(settings, numbers(0, 3_000));
  await send(settings, numbers(3_000, 5_000), CompressionTypes.GZIP);
  const { consumer, seen } = await readAll(kafka, { mostRecords: 100, failFirst: true });
  await until(
    'all records are read',
    async () => seen.length,
    (n) => n >= 5_000,
  );
  await send(settings, numbers(5_000, 5_010));
  await until(
    'new records are read',
    async () => seen.length,
    (n) => n >= 5_010,
  );
  assert.deepEqual(valuesOf(seen), numbers(0, 5_010));
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const offsets = seen.filter((record) => record.partition === partition).map(({ offset }) => offset);
    assert.deepEqual(
      offsets,
      offsets.toSorted((a, b) => a - b),
    );
  }
  await consumer.stop();
  await kafka.close();
});

test('transactions are read once they are committed, aborted ones never, and behind them nothing is left to come', async () => {
  const { settings, kafka } = await aLog();
  const producer: Producer = client.producer({
    transactionalId: 'tx',
    maxInFlightRequests: 1,
    idempotent: true,
  });
  await producer.connect();
  const inTransaction = async (values: readonly string[], end: 'commit' | 'abort') => {
    const transaction = await producer.transaction();
    const messages = values.map((value) => ({ value, partition: 0 }));
    await transaction.send({ topic: topicName('transactions', settings), messages });
    await transaction[end]();
  };
  await inTransaction(['a', 'b'], 'commit');
  await inTransaction(['never'], 'abort');
  await inTransaction(['c'], 'commit');
  await producer.disconnect();
  const { consumer, seen, next } = await readAll(kafka);
  const [bounds] = (await kafka.bounds('transactions')).filter(({ partition }) => partition === 0);
  await until(
    'the end is reached',
    async () => next.get(0),
    (offset) => offset === bounds!.high,
  );
  assert.deepEqual(valuesOf(seen), ['a', 'b', 'c']);
  await consumer.stop();
  await kafka.close();
});

test('a record that is too large for its topic is named, and all others are sent', async () => {
  const { kafka } = await aLog();
  const large = 'x'.repeat(2_000_000);
  for (const sender of [await kafka.sender(), await kafka.transactionalSender('large')]) {
    await assert.rejects(
      sender.send('transactions', [
        { key: 'before', value: 'before' },
        { key: 'large', value: large },
        { key: 'after', value: 'after' },
      ]),
      (error: RecordsTooLarge) => error instanceof RecordsTooLarge && error.keys.join() === 'large',
    );
    // Larger than others, but the topic takes it.
    await sender.send('metrics', [{ key: 'window', value: large }]);
    await sender.close();
  }
  const { consumer, seen } = await readAll(kafka);
  await until(
    'the others are read',
    async () => seen.length,
    (n) => n >= 4,
  );
  assert.deepEqual(valuesOf(seen), ['after', 'after', 'before', 'before']);
  await consumer.stop();
  await kafka.close();
});

test('a position that the log has let go of is told of, and reading goes on where it is sought again', async () => {
  const { settings, kafka } = await aLog();
  await send(settings, numbers(0, 400));
  const topic = topicName('transactions', settings);
  const bounds = await kafka.bounds('transactions');
  const gone = bounds.map(({ partition, high }) => ({ partition, offset: String(Math.floor(high / 2)) }));
  // kafkajs 2.2.4 deletes only from topics that its admin has looked at.
  await admin.fetchTopicOffsets(topic);
  await admin.deleteTopicRecords({ topic, partitions: gone });
  const { consumer, seen, lost } = await readAll(kafka);
  await until(
    'each partition is told of',
    async () => lost.length,
    (n) => n === PARTITIONS,
  );
  for (const { partition, low } of await kafka.bounds('transactions')) {
    consumer.seek('transactions', partition, low);
  }
  consumer.resume([{ topic: 'transactions', partitions: [0, 1, 2, 3] }]);
  const left = bounds.reduce((sum, { high }) => sum + high - Math.floor(high / 2), 0);
  await until(
    'what is left is read',
    async () => seen.length,
    (n) => n >= left,
  );
  assert.equal(seen.length, left);
  await consumer.stop();
  await kafka.close();
});

test('a paused partition is not read, the others are; resumed, it goes on without a gap', async () => {
  const { settings, kafka } = await aLog();
  const { consumer, seen, assignment } = await readAll(kafka);
  await until(
    'there is an assignment',
    async () => assignment().length,
    (n) => n > 0,
  );
  await send(settings, numbers(0, 100));
  await until(
    'all is read',
    async () => seen.length,
    (n) => n === 100,
  );
  consumer.pause([{ topic: 'transactions', partitions: [1] }]);
  await send(settings, numbers(100, 300));
  const highs = new Map((await kafka.bounds('transactions')).map(({ partition, high }) => [partition, high]));
  const readOf = (partition: number) => seen.filter((record) => record.partition === partition).length;
  const others = [0, 2, 3];
  await until(
    'the others are read',
    async () => others.every((partition) => readOf(partition) === highs.get(partition)),
    (read) => read,
  );
  assert.ok(readOf(1) < highs.get(1)!);
  consumer.resume([{ topic: 'transactions', partitions: [1] }]);
  await until(
    'the paused one is read',
    async () => readOf(1),
    (n) => n === highs.get(1),
  );
  assert.deepEqual(valuesOf(seen), numbers(0, 300));
  await consumer.stop();
  await kafka.close();
});

test('members share the partitions; when one leaves, the other goes on with its share', async () => {
  const { settings, kafka } = await aLog();
  const first = await readAll(kafka);
  const second = await readAll(kafka);
  const shareOf = ({ assignment }: typeof first) =>
    assignment().flatMap(({ partitions }) => partitions).length;
  await until(
    'both have a share',
    async () => [shareOf(first), shareOf(second)].join(),
    (both) => both === '2,2',
  );
  await send(settings, numbers(0, 200));
  await until(
    'all is read',
    async () => first.seen.length + second.seen.length,
    (n) => n >= 200,
  );
  assert.deepEqual(valuesOf([...first.seen, ...second.seen]), numbers(0, 200));
  await second.consumer.stop();
  await until(
    'the first has all',
    async () => shareOf(first),
    (share) => share === PARTITIONS,
  );
  const before = first.seen.length;
  await send(settings, numbers(200, 260));
  await until(
    'what comes is read',
    async () => first.seen.slice(before).map(({ value }) => value),
    (values) => numbers(200, 260).every((value) => values.includes(value)),
  );
  await first.consumer.stop();
  await kafka.close();
});

test('a topic made anew under its name is told of while it is read, also when it holds as much as before', async () => {
  const { settings, kafka } = await aLog();
  const topic = topicName('transactions', settings);
  await send(settings, numbers(0, 40));
  const { consumer, seen, lost, next } = await readAll(kafka);
  await until(
    'all is read',
    async () => seen.length,
    (n) => n === 40,
  );
  const [before] = await kafka.bounds('transactions');
  await admin.deleteTopics({ topics: [topic] });
  await until(
    'the topic is gone',
    () => admin.listTopics(),
    (topics) => !topics.includes(topic),
  );
  await kafka.prepareTopics();
  await send(settings, numbers(40, 400));
  await until(
    'each partition is told of',
    async () => new Set(lost).size,
    (n) => n === PARTITIONS,
  );
  assert.deepEqual(
    valuesOf(seen),
    numbers(0, 40),
    'records of the new topic are read for those of the former one',
  );
  const bounds = await kafka.bounds('transactions');
  assert.ok(bounds.every(({ topicId }) => topicId !== undefined && topicId !== before!.topicId));
  for (const { partition, low } of bounds) {
    assert.ok(next.get(partition)! <= bounds[partition]!.high, 'the offsets that were read are there again');
    consumer.seek('transactions', partition, low);
  }
  consumer.resume([{ topic: 'transactions', partitions: [0, 1, 2, 3] }]);
  await until(
    'all of the new one is read',
    async () => seen.length,
    (n) => n >= 400,
  );
  assert.deepEqual(valuesOf(seen), numbers(0, 400));
  await consumer.stop();
  await kafka.close();
});

test('records of an open transaction and behind it count as not read, and it is told what they wait for', async () => {
  const { settings, kafka } = await aLog();
  const topic = topicName('transactions', settings);
  const producer = client.producer({ transactionalId: 'open', maxInFlightRequests: 1, idempotent: true });
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: [{ value: 'open', partition: 0 }] });
  const plain = client.producer();
  await plain.connect();
  await plain.send({ topic, messages: [{ value: 'behind', partition: 0 }] });
  const { consumer, seen, troubles } = await readAll(kafka);
  const [bounds] = await kafka.bounds('transactions');
  assert.deepEqual([bounds!.low, bounds!.high], [0, 2]);
  await until(
    'it is told',
    async () => troubles.get(0) ?? '',
    (message) => /at offset 0 a transaction of a producer is open/.test(message),
  );
  assert.deepEqual(await kafka.endOfEpoch('transactions', 0, 0), { epoch: 0, end: 2 });
  await transaction.commit();
  await until(
    'both are read',
    async () => valuesOf(seen).join(),
    (values) => values === 'behind,open',
  );
  assert.equal(troubles.get(0), undefined);
  await Promise.all([producer.disconnect(), plain.disconnect(), consumer.stop()]);
  await kafka.close();
});
