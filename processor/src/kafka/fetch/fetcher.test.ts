import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Base } from '@platformatic/kafka';
import { pino } from 'pino';
import { handmadeBatch } from '../../testing/record-batches.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { FetchedPartition, FetchTarget } from './fetch-request.ts';
import { createFetcher } from './fetcher.ts';

type Answer = Omit<FetchedPartition, 'topicId' | 'partition'>;
const TOPIC = 'transactions';
const ID = '00000000-0000-4000-8000-000000000001';
const NOTHING: Answer = {
  error: 'NONE',
  end: 0,
  stable: 0,
  divergence: undefined,
  aborted: [],
  bytes: Buffer.alloc(0),
};
const oneRecord = (offset: number): Answer => ({
  ...NOTHING,
  end: offset + 1,
  bytes: handmadeBatch({ firstOffset: offset, lastOffset: offset }, [{ offset, value: 'a' }]),
});

/** A view of one broker and the leaders of three partitions; it may change. */
const clusterLedBy = (
  leaders: readonly (number | undefined)[],
  run: { readonly id: string },
): Pick<Cluster, 'view'> => ({
  view: async () => ({
    at: 0,
    brokers: new Map([[1, { host: 'broker', port: 9092 }]]),
    controller: undefined,
    topics: new Map([
      [
        TOPIC,
        {
          id: run.id,
          partitions: leaders.map((leader, partition) => ({ partition, leader, leaderEpoch: 0 })),
        },
      ],
    ]),
    refused: new Map(),
  }),
});

/**
 * Reads three partitions of one broker, whose answers are given; notes what is asked, read and told.
 * @param work what is done with a partition's batch before it is read
 */
function readAll(
  answer: (target: FetchTarget) => Answer,
  leaders: readonly (number | undefined)[] = [1, 1, 1],
  work: (partition: number) => Promise<void> = async () => undefined,
) {
  const run = { id: ID };
  const asked: string[] = [];
  /** How long, and for how many bytes, the broker may wait, request by request. */
  const waits: string[] = [];
  const read = new Map<number, number>();
  const told: string[] = [];
  const client = {
    connections: { get: async () => undefined },
    close: async () => undefined,
  } as unknown as Base;
  const fetcher = createFetcher({
    client,
    cluster: clusterLedBy(leaders, run),
    fetch: async (_connection, targets, { maxWaitMs, minBytes }) => {
      asked.push(targets.map(({ partition }) => partition).join());
      waits.push(`${maxWaitMs}/${minBytes}`);
      // A broker waits for something new, too.
      await sleep(2);
      return targets.map((target) => ({ ...target, ...answer(target) }));
    },
    named: (topic) => topic,
    handlers: {
      onBatch: async ({ partition, next }, { resolve }) => {
        await work(partition);
        read.set(partition, next);
        resolve(next - 1);
      },
      onPositionLost: (_topic, partition) => told.push(`${partition} lost`),
      onTrouble: (_topic, partition, error) => told.push(`${partition} ${error?.message ?? 'again'}`),
    },
    minBytes: 500,
    mostRecords: 10,
    mostParts: 1,
    onRefused: assert.fail,
    logger: pino({ level: 'silent' }),
  });
  const partitions = [{ topic: TOPIC, partitions: [0, 1, 2] }] as const;
  fetcher.assign(partitions);
  for (const partition of [0, 1, 2]) fetcher.seek(TOPIC, partition, 0);
  fetcher.resume(partitions);
  return { fetcher, asked, waits, read, told, run, partitions };
}
const until = async (isSo: () => boolean) => {
  for (let n = 0; !isSo(); n++) {
    assert.ok(n < 2_000, 'it does not come to that');
    await sleep(2);
  }
};

for (const [what, broken, told] of [
  ['moves to another leader', { error: 'NOT_LEADER_OR_FOLLOWER' }, /0 .*NOT_LEADER_OR_FOLLOWER/],
  [
    'is answered with something else than batches',
    { bytes: Buffer.alloc(100, 255) },
    /0 .*impossible length/,
  ],
] as const) {
  test(`while one partition ${what}, the others behind it are read on, and it is told of once`, async () => {
    let isBroken = true;
    const run = readAll(({ partition, offset }) =>
      partition === 0 && isBroken ? { ...NOTHING, ...broken } : oneRecord(offset),
    );
    await until(() => (run.read.get(1) ?? 0) > 5 && (run.read.get(2) ?? 0) > 5);
    await until(() => run.told.length > 0 && run.asked.filter((asked) => asked.includes('0')).length >= 2);
    assert.equal(run.told.length, 1);
    assert.match(run.told[0]!, told);
    isBroken = false;
    await until(() => run.read.has(0));
    assert.deepEqual(run.told.slice(1), ['0 again']);
    await run.fetcher.close();
  });
}

test('a partition whose first batch does not fit into an answer is asked for first the next time', async () => {
  const isFirst = ({ partition }: FetchTarget) => run.asked.at(-1)!.startsWith(String(partition));
  const run = readAll((target) => {
    const whole = oneRecord(target.offset);
    // As a broker does: whole only where it comes first.
    return target.partition === 2 && !isFirst(target)
      ? { ...whole, bytes: whole.bytes.subarray(0, -1) }
      : whole;
  });
  await until(() => run.read.has(2));
  await run.fetcher.close();
});

test('a partition without a leader waits alone, is told of, and is read once it has one', async () => {
  const leaders = [1, undefined, 1] as (number | undefined)[];
  const run = readAll(({ offset }) => (offset === 0 ? oneRecord(0) : NOTHING), leaders);
  await until(() => run.read.has(0) && run.read.has(2));
  await until(() => run.told.length > 0);
  assert.deepEqual(run.told, ['1 it has no leader now']);
  leaders[1] = 1;
  await until(() => run.read.has(1));
  assert.deepEqual(run.told, ['1 it has no leader now', '1 again']);
  await run.fetcher.close();
});

test('a topic made anew under the same name is told of, and not read for the former one', async () => {
  const { fetcher, read, told, run } = readAll(({ offset }) => (offset < 3 ? oneRecord(offset) : NOTHING));
  await until(() => [0, 1, 2].every((partition) => read.get(partition) === 3));
  run.id = '00000000-0000-4000-8000-000000000002';
  await until(() => told.length === 3);
  assert.deepEqual(told.sort(), ['0 lost', '1 lost', '2 lost']);
  await fetcher.close();
});

test('with each request goes what epoch was read last; a log that has gone on otherwise since is told of', async () => {
  const epochs: (number | undefined)[] = [];
  let isCutOff = false;
  const { fetcher, read, told } = readAll(({ partition, offset, epoch }) => {
    if (partition !== 0) return NOTHING;
    epochs.push(epoch);
    if (isCutOff) return { ...NOTHING, divergence: { epoch: 3, end: 1 } };
    if (offset > 1) return NOTHING;
    const bytes = handmadeBatch({ firstOffset: offset, lastOffset: offset, leaderEpoch: 3 + offset }, [
      { offset, value: 'a' },
    ]);
    return { ...NOTHING, end: 2, bytes };
  });
  await until(() => read.get(0) === 2 && epochs.length > 3);
  assert.deepEqual(epochs.slice(0, 4), [undefined, 3, 4, 4]);
  assert.deepEqual(told, []);
  isCutOff = true;
  await until(() => told.length > 0);
  assert.deepEqual(told, ['0 lost']);
  await fetcher.close();
});

test('what is known of the log at a position that is sought goes with the first request already', async () => {
  const epochs: (number | undefined)[] = [];
  const { fetcher, told } = readAll(({ partition, offset, epoch }) => {
    if (partition === 0 && offset === 7) epochs.push(epoch);
    return NOTHING;
  });
  fetcher.seek(TOPIC, 0, 7, { topicId: ID, epoch: 5 });
  await until(() => epochs.length > 0);
  assert.equal(epochs[0], 5);
  fetcher.seek(TOPIC, 1, 7, { topicId: '00000000-0000-4000-8000-000000000002', epoch: 5 });
  await until(() => told.length > 0);
  assert.deepEqual(told, ['1 lost']);
  await fetcher.close();
});

test('after a quiet time the broker waits longer and answers the first record; what is resumed does not wait', async () => {
  let comes = false;
  const { fetcher, waits, read, partitions } = readAll(({ offset }) =>
    comes && offset === 0 ? oneRecord(0) : NOTHING,
  );
  await until(() => waits.at(-1) === '1000/1');
  assert.ok(waits.filter((wait) => wait === '250/500').length >= 8, 'not before it is quiet');
  fetcher.resume(partitions);
  const resumed = waits.length;
  await until(() => waits.length > resumed + 1);
  assert.equal(waits[resumed + 1], '250/500');
  await until(() => waits.at(-1) === '1000/1');
  comes = true;
  await until(() => read.get(0) === 1 && waits.at(-1) === '250/500');
  await fetcher.close();
});

test('while a partition has no room, the broker waits only briefly for news of the others, so that it is asked for soon again', async (t) => {
  const working = Promise.withResolvers<void>();
  const { fetcher, asked, waits, read } = readAll(
    ({ partition, offset }) => (partition === 0 && offset === 0 ? oneRecord(0) : NOTHING),
    [1, 1, 1],
    () => working.promise,
  );
  t.after(async () => {
    working.resolve();
    await fetcher.close();
  });
  await until(() => asked.filter((partitions) => partitions === '1,2').length > 20);
  const beside = asked.map((partitions, n) => [partitions, waits[n]]).filter(([which]) => which === '1,2');
  assert.ok(beside.every(([, wait]) => wait === '20/500'));
  assert.equal(waits[0], '250/500', 'all had room');
  working.resolve();
  await until(() => read.get(0) === 1 && asked.at(-1)!.includes('0'));
  const again = asked.lastIndexOf('1,2') + 1;
  assert.equal(waits[again], '250/500', 'all have room again, and are not taken for quiet');
});
