import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partitionOf, toRecord } from '@storepulse/contracts';
import { anOrder } from '@storepulse/contracts/testing/events';
import fc from 'fast-check';
import type { OutgoingRecord } from './port.ts';
import { createSender, type PlacedRecord, type Producer } from './sender.ts';

const PARTITIONS = 4;
const recordOf = (visitorId: string, text = ''): OutgoingRecord => {
  const record = toRecord({ ...anOrder({ visitorId }), note: text } as never, '/test');
  return { ...record, timestamp: 0 };
};
const visitorOf = (partition: number) =>
  Array.from({ length: 200 }, (_, i) => `v${i}`).find(
    (id) => partitionOf(`demo|${id}`, PARTITIONS) === partition,
  )!;

class TooLarge extends Error {}

/** A producer that stores in memory, and fails a whole request when it fails any of it. */
function memory(fails: (record: PlacedRecord) => Error | undefined = () => undefined) {
  const requests: (readonly PlacedRecord[])[] = [];
  const stored = new Set<string>();
  const producer: Producer = {
    partitions: async (topic) => {
      if (topic === 'system-logs') throw new Error('no such topic');
      return PARTITIONS;
    },
    produce: async (records) => {
      requests.push(records);
      await null;
      const failed = records.map(fails).find((error) => error !== undefined);
      if (failed) throw failed;
      for (const { value } of records) stored.add(value);
    },
    isTooLarge: (error) => error instanceof TooLarge,
    close: async () => {},
  };
  const failures: unknown[] = [];
  let time = 0;
  const sender = createSender(producer, { now: () => time, onFailure: (error) => failures.push(error) });
  return { sender, requests, stored, failures, pass: (ms: number) => (time += ms) };
}

test('while a request is under way, the records of others gather into the next', async () => {
  const { sender, requests } = memory();
  const sent = Array.from({ length: 50 }, (_, i) => sender.send([recordOf(`v${i}`)]));
  assert.deepEqual((await Promise.all(sent)).flat(), Array(50).fill('stored'));
  assert.equal(requests.flat().length, 50);
  assert.ok(requests.length <= 2, `${requests.length} requests`);
});

test('each record goes to the partition that Kafka’s own clients choose', async () => {
  const { sender, requests } = memory();
  await sender.send([0, 1, 2, 3].map((partition) => recordOf(visitorOf(partition))));
  assert.deepEqual(
    requests.flat().map(({ partition }) => partition),
    [0, 1, 2, 3],
  );
});

test('a request stays below what a broker takes', async () => {
  const { sender, requests } = memory();
  await sender.send(Array.from({ length: 10 }, (_, i) => recordOf(`v${i}`, 'x'.repeat(300_000))));
  for (const request of requests)
    assert.ok(request.reduce((sum, { value }) => sum + value.length, 0) < 900_000);
});

test('a partition that can not be written fails its own records alone, is told of, and is tried alone until it can', async () => {
  let isBroken = true;
  const broken = visitorOf(2);
  const { sender, requests, failures, pass } = memory(({ partition }) =>
    isBroken && partition === 2 ? new Error('no leader') : undefined,
  );
  const records = [recordOf(visitorOf(1)), recordOf(broken)];
  assert.deepEqual(await sender.send(records), ['stored', 'unavailable']);
  assert.equal(sender.trouble(), 'no leader');
  assert.ok(failures.length > 0);
  requests.length = 0;
  assert.deepEqual(await sender.send(records), ['stored', 'unavailable']);
  assert.deepEqual(
    requests.map((request) => request.length),
    [1, 1],
  );
  isBroken = false;
  assert.deepEqual(await sender.send(records), ['stored', 'stored']);
  pass(10_000);
  assert.equal(sender.trouble(), undefined);
});

test('a topic that the cluster does not tell of keeps no other topic waiting', async () => {
  const { sender } = memory();
  const log = { ...recordOf('v1'), topic: 'system-logs' as const };
  assert.deepEqual(await sender.send([log, recordOf('v1')]), ['unavailable', 'stored']);
});

test('a record that its topic does not take is told apart from those beside it', async () => {
  const { sender, failures } = memory(({ value }) => (value.includes('large') ? new TooLarge() : undefined));
  const outcomes = await sender.send([recordOf('v1'), recordOf('v1', 'large'), recordOf('v1', 'small')]);
  assert.deepEqual(outcomes, ['stored', 'too-large', 'stored']);
  assert.deepEqual(failures, []);
});

test('whatever fails: what is told to be stored is stored, and every record has an outcome', async () => {
  const sick = fc.uniqueArray(fc.integer({ min: 0, max: PARTITIONS - 1 }), { maxLength: PARTITIONS });
  const batches = fc.array(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 8 }), {
    minLength: 1,
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(sick, batches, async (partitions, visitors) => {
      const { sender, stored } = memory(({ partition }) =>
        partitions.includes(partition) ? new Error('no leader') : undefined,
      );
      const records = visitors.map((batch) => batch.map((visitor) => recordOf(`v${visitor}`)));
      const outcomes = await Promise.all(records.map((batch) => sender.send(batch)));
      records.flat().forEach(({ value, key }, i) => {
        const isSick = partitions.includes(partitionOf(key, PARTITIONS));
        assert.equal(outcomes.flat()[i], isSick ? 'unavailable' : 'stored');
        assert.equal(stored.has(value), !isSick);
      });
    }),
    { examples: [[[2], [[0, 1, 2, 3, 4, 5, 6, 7]]]] },
  );
});

test('nothing to send is answered at once', async () => {
  const { sender } = memory();
  assert.deepEqual(await sender.send([]), []);
});
