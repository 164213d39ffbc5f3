import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PartitionsUnavailable, RecordsTooLarge } from '../errors.ts';
import type { Cluster } from './cluster/cluster.ts';
import { createSender, type SendRequest } from './sender.ts';

const TOO_LARGE = 1_000;

/** A topic of three partitions; those that are away have no leader. */
function topicWithout(...away: number[]) {
  const stored: { value: string; partition: number | undefined }[] = [];
  const cluster: Pick<Cluster, 'view'> = {
    view: async () => ({
      at: Date.now(),
      brokers: new Map(),
      controller: undefined,
      refused: new Map(),
      topics: new Map([
        [
          'dead-letter',
          {
            id: 'id',
            partitions: [0, 1, 2].map((partition) => ({
              partition,
              leader: away.includes(partition) ? undefined : 1,
              leaderEpoch: 0,
            })),
          },
        ],
      ]),
    }),
  };
  const send = async ({ messages }: SendRequest) => {
    // As kafkajs does: all of them, or an error for all.
    const isLarge = messages.some(({ value }) => String(value).length > TOO_LARGE);
    if (isLarge) throw Object.assign(new Error('too large'), { type: 'MESSAGE_TOO_LARGE' });
    stored.push(...messages.map(({ value, partition }) => ({ value: String(value), partition })));
  };
  const sender = createSender({
    cluster: cluster as Cluster,
    named: (topic) => topic,
    send,
    close: async () => undefined,
  });
  return { sender, stored };
}

const letter = (value: string, partition: number) => ({ key: 'key', value, partition });

test('records of a partition without a leader are named, with where they could go; the others are sent', async () => {
  const { sender, stored } = topicWithout(1);
  await assert.rejects(
    sender.send('dead-letter', [letter('a', 0), letter('b', 1), letter('c', 2)]),
    (error: PartitionsUnavailable) => {
      assert.ok(error instanceof PartitionsUnavailable);
      assert.deepEqual(error.records, [letter('b', 1)]);
      assert.deepEqual(error.serving, [0, 2]);
      assert.deepEqual(error.tooLarge, []);
      assert.match(error.message, /dead-letter has partitions without a leader: 1/);
      return true;
    },
  );
  assert.deepEqual(
    stored.map(({ value }) => value),
    ['a', 'c'],
  );
});

test('what is too large as well is named along: neither is taken for sent', async () => {
  const { sender, stored } = topicWithout(1);
  const large = letter('x'.repeat(2 * TOO_LARGE), 0);
  await assert.rejects(
    sender.send('dead-letter', [large, letter('a', 0), letter('b', 1)]),
    (error: PartitionsUnavailable) => {
      assert.deepEqual(error.records, [letter('b', 1)]);
      assert.deepEqual(error.tooLarge, [large]);
      return true;
    },
  );
  assert.deepEqual(
    stored.map(({ value }) => value),
    ['a'],
  );
  await assert.rejects(sender.send('dead-letter', [large]), RecordsTooLarge);
});

test('a record without a key goes wherever there is a leader', async () => {
  const { sender, stored } = topicWithout(0, 1);
  await sender.send('dead-letter', [{ key: null, value: 'a' }]);
  assert.deepEqual(stored, [{ value: 'a', partition: 2 }]);
});
