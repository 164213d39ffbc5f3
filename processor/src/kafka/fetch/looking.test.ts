import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Base } from '@platformatic/kafka';
import { pino } from 'pino';
import { handmadeBatch } from '../../testing/record-batches.ts';
import type { FetchedPartition } from './fetch-request.ts';
import { createFetcher } from './fetcher.ts';

const TOPIC = 'transactions';
const ID = '00000000-0000-4000-8000-000000000001';
const PARTITIONS = [...Array(100).keys()];
const BROKERS = new Map([[1, { host: 'broker', port: 9092 }]]);

/** Reads a hundred partitions of one broker, which answers when it is told to; counts how often leaders are looked at. */
function readMany() {
  const counted = { looks: 0, fetches: 0, batches: 0 };
  let answer: (partitions: FetchedPartition[]) => void = () => undefined;
  const partitions = PARTITIONS.map((partition) => ({ partition, leader: 1, leaderEpoch: 0 }));
  const view = {
    ...{ at: 0, brokers: BROKERS, controller: undefined, refused: new Map() },
    topics: new Map([[TOPIC, { id: ID, partitions }]]),
  };
  const fetcher = createFetcher({
    client: { connections: { get: async () => undefined }, close: async () => undefined } as unknown as Base,
    cluster: {
      view: async () => {
        counted.looks++;
        return view;
      },
    },
    fetch: () => {
      counted.fetches++;
      return new Promise((resolve) => {
        answer = resolve;
      });
    },
    named: (topic) => topic,
    handlers: {
      onBatch: async ({ next }, { resolve }) => {
        counted.batches++;
        resolve(next - 1);
      },
      onPositionLost: assert.fail,
    },
    ...{ minBytes: 1, mostRecords: 10, mostParts: 2, onRefused: assert.fail },
    logger: pino({ level: 'silent' }),
  });
  fetcher.assign([{ topic: TOPIC, partitions: PARTITIONS }]);
  const begin = () => {
    for (const partition of PARTITIONS) {
      fetcher.seek(TOPIC, partition, 0);
      fetcher.resume([{ topic: TOPIC, partitions: [partition] }]);
    }
  };
  return { counted, fetcher, begin, answer: (fetched: FetchedPartition[]) => answer(fetched) };
}
const oneRecordOf = (partition: number): FetchedPartition => ({
  ...{ topicId: ID, partition, error: 'NONE', end: 1, stable: 1, divergence: undefined, aborted: [] },
  bytes: handmadeBatch({ firstOffset: 0, lastOffset: 0 }, [{ offset: 0, value: 'a' }]),
});
const turns = async (n: number) => {
  for (let at = 0; at < n; at++) await turn();
};

test('partitions that are begun in one turn are looked for once', async () => {
  const { counted, begin } = readMany();
  begin();
  await turns(5);
  assert.deepEqual(counted, { looks: 1, fetches: 1, batches: 0 });
});

test('while the only broker is being asked, nobody looks for each partition that has room again', async () => {
  const { counted, begin, answer } = readMany();
  begin();
  await turns(5);
  answer(PARTITIONS.map(oneRecordOf));
  await turns(50);
  // The answer is looked behind, and then asked for more; a hundred batches were worked off meanwhile.
  assert.equal(counted.batches, 100);
  assert.equal(counted.fetches, 2);
  assert.ok(counted.looks <= 4, `${counted.looks} looks`);
});
