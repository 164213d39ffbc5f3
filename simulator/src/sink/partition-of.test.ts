import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partitionOf } from '@storepulse/contracts';
import fc from 'fast-check';
import { Partitioners } from 'kafkajs';

/** The default partitioner of a client that follows Kafka's own. */
const elsewhere = Partitioners.DefaultPartitioner();
const metadata = (count: number) =>
  Array.from({ length: count }, (_, partitionId) => ({
    ...{ partitionErrorCode: 0, partitionId, leader: 1, replicas: [1], isr: [1] },
  }));

test('a key goes to the partition that other clients would choose', () => {
  const key = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.string({ minLength: 250, maxLength: 270 }),
  );
  fc.assert(
    fc.property(key, fc.integer({ min: 1, max: 64 }), (text, count) => {
      const expected = elsewhere({
        topic: 't',
        partitionMetadata: metadata(count),
        message: { key: text, value: '' },
      });
      assert.equal(partitionOf(text, count), expected);
    }),
    { numRuns: 2_000 },
  );
});
