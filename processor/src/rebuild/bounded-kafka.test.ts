import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Batch, GroupConsumer, Kafka, TopicPartitions } from '../kafka/port.ts';
import { boundedKafka, endKey } from './bounded-kafka.ts';

/** Reads batches of these offsets of partition 0 through a log that ends at 3, and takes all that is handed over. */
const read = (...batches: number[][]) => readSome(Number.POSITIVE_INFINITY, ...batches);

/** The same; of each batch at most so many records are taken. */
async function readSome(most: number, ...batches: number[][]) {
  const seen: number[][] = [];
  let reached = 0;
  const paused: (readonly TopicPartitions[])[] = [];
  const consumer: Partial<GroupConsumer> = {
    start: async ({ onBatch }) => {
      for (const offsets of batches) {
        const records = offsets.map((offset) => ({
          key: null,
          value: null,
          headers: {},
          offset,
          timestamp: 0,
        }));
        const batch: Batch = {
          ...{ topic: 'transactions', partition: 0, records },
          // Without records: what lies before the end and does not count.
          ...{ next: (offsets.at(-1) ?? 2) + 1, end: 9 },
        };
        await onBatch(batch, { resolve: () => undefined, isCurrent: () => true });
      }
    },
    pause: (partitions) => void paused.push(partitions),
  };
  const kafka = {
    consumer: () => consumer,
    bounds: async () => [0, 1].map((partition) => ({ partition, low: 0, high: 9 })),
  } as unknown as Kafka;
  const bounded = boundedKafka(kafka, new Map([[endKey('transactions', 0), 3]]));
  await bounded.consumer({ group: 'g', topics: ['transactions'], taskGroupOf: () => 'g' }).start({
    onAssigned: () => undefined,
    onBatch: async ({ records, next, end }, { resolve }) => {
      assert.equal(end, 3);
      assert.ok(next <= 3);
      const taken = records.slice(0, most).map(({ offset }) => offset);
      seen.push(taken);
      reached = next;
      resolve(taken.length < records.length ? taken.at(-1)! : next - 1);
    },
    onPositionLost: () => undefined,
    onCrash: () => undefined,
  });
  return { seen, reached, paused, bounds: await bounded.bounds('transactions') };
}

test('records behind the end are not there, and reading stops where it is', async () => {
  const { seen, paused } = await read([0, 1], [2, 3, 4]);
  assert.deepEqual(seen, [[0, 1], [2]]);
  assert.deepEqual(paused, [[{ topic: 'transactions', partitions: [0] }]]);
});

test('reading goes on while a batch that reaches the end is taken in part', async () => {
  const { seen, paused } = await readSome(2, [0, 1, 2, 3], [2, 3]);
  assert.deepEqual(seen, [[0, 1], [2]]);
  assert.equal(paused.length, 1);
});

test('of a batch that lies behind the end whole, nothing is told but that the end is reached', async () => {
  const { seen, reached, paused } = await read([0, 1], [4, 5]);
  assert.deepEqual(seen, [[0, 1], []]);
  assert.equal(reached, 3, 'between them lies what does not count, such as the end of a transaction');
  assert.equal(paused.length, 1);
});

test('a batch that passes the end of a transaction alone moves on to it', async () => {
  const { seen, reached, paused } = await read([0, 1], []);
  assert.deepEqual(seen, [[0, 1], []]);
  assert.equal(reached, 3);
  assert.equal(paused.length, 1);
});

test('the end is the end for lag as well; a partition without one is empty', async () => {
  const { bounds } = await read();
  assert.deepEqual(
    bounds.map(({ high }) => high),
    [3, 0],
  );
});
