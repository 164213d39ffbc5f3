import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cluster } from './cluster.ts';
import { type AskedEpoch, createEndOfEpoch } from './end-of-epoch.ts';

const BROKERS = new Map([1, 2].map((node) => [node, { host: `broker-${node}`, port: 9092 }]));

/** A topic whose partitions have these leaders; a broker answers 10 times the epoch, or fails. */
function topicLedBy(leaders: readonly (number | undefined)[], away: readonly string[] = []) {
  const asked: string[] = [];
  const partitions = leaders.map((leader, partition) => ({ partition, leader, leaderEpoch: 0 }));
  const cluster: Pick<Cluster, 'view' | 'connectionTo'> = {
    view: async () => ({
      at: 0,
      brokers: BROKERS,
      controller: undefined,
      topics: new Map([['facts', { id: 'id', partitions }]]),
      refused: new Map(),
    }),
    connectionTo: () => assert.fail('no connection is made'),
  };
  const endOfEpoch = createEndOfEpoch(cluster, async ({ host }, all) => {
    asked.push(`${host}: ${all.map(({ partition, epoch }) => `${partition}@${epoch}`).join()}`);
    if (away.includes(host)) throw new Error(`${host} is away`);
    return new Map(
      all.map(({ topic, partition, epoch }) => {
        const leaderEpoch = epoch > 8 ? -1 : epoch;
        return [`${topic}/${partition}`, { errorCode: 0, leaderEpoch, endOffset: BigInt(10 * epoch) }];
      }),
    );
  });
  return {
    asked,
    of: (partition: number, epoch: number) =>
      endOfEpoch({ topic: 'facts', partition, epoch } satisfies AskedEpoch),
  };
}

test('each leader is asked once for all partitions that are asked for in one turn', async () => {
  const { asked, of } = topicLedBy([1, 2, 1, 2]);
  const ends = await Promise.all([of(0, 1), of(1, 2), of(2, 3), of(3, 4)]);
  assert.deepEqual(asked, ['broker-1: 0@1,2@3', 'broker-2: 1@2,3@4']);
  assert.deepEqual(
    ends,
    [1, 2, 3, 4].map((epoch) => ({ epoch, end: 10 * epoch })),
  );
});

test('a partition without a leader, and a broker that is away, fail alone', async () => {
  const { of } = topicLedBy([1, 2, undefined], ['broker-2']);
  const [served, ofAway, leaderless] = await Promise.allSettled([of(0, 1), of(1, 1), of(2, 1)]);
  assert.equal(served.status, 'fulfilled');
  assert.match(String(ofAway.status === 'rejected' && ofAway.reason), /broker-2 is away/);
  assert.match(
    String(leaderless.status === 'rejected' && leaderless.reason),
    /partition 2 of facts has no leader/,
  );
});

test('two epochs of one partition are asked for one after the other', async () => {
  const { asked, of } = topicLedBy([1]);
  assert.deepEqual(await Promise.all([of(0, 1), of(0, 2)]), [
    { epoch: 1, end: 10 },
    { epoch: 2, end: 20 },
  ]);
  assert.deepEqual(asked, ['broker-1: 0@1', 'broker-1: 0@2']);
});

test('a log that never had an epoch as late holds nothing that is known to be read', async () => {
  const { of } = topicLedBy([1]);
  assert.deepEqual(await of(0, 9), { epoch: 0, end: 0 });
});
