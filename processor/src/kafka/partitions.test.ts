import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TopicName } from '@storepulse/contracts';
import { countPartitions } from './partitions.ts';

const kafkaWith = (partitionsOf: (topic: string) => number) => ({
  partitionCounts: async (topics: readonly TopicName[]) =>
    new Map(topics.map((topic) => [topic, partitionsOf(topic)])),
});

test('input topics with as many partitions each give that number', async () => {
  assert.equal(await countPartitions(kafkaWith(() => 6)), 6);
});

test('one topic with another number is refused, and named', async () => {
  await assert.rejects(
    countPartitions(kafkaWith((topic) => (topic === 'system-logs' ? 8 : 4))),
    (error: { code?: string; message: string }) =>
      error.code === 'PARTITIONS_DIFFER' && /transactions 4.*system-logs 8/.test(error.message),
  );
});
