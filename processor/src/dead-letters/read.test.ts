import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryKafka } from '../testing/memory-kafka.ts';
import { readLetters } from './read.ts';

const aRecord = { key: null, value: null, headers: {}, timestamp: 0 };

test('only the wanted offsets are handed over', async () => {
  const { kafka } = memoryKafka([
    [aRecord, aRecord, aRecord, aRecord],
    [aRecord, aRecord],
  ]);
  const seen: string[] = [];
  await readLetters(kafka, [{ partition: 0, from: 1, to: 3 }], (letters) => {
    for (const { partition, offset } of letters) seen.push(`${partition}:${offset}`);
  });
  assert.deepEqual(seen, ['0:1', '0:2']);
});

test('nothing is taken after a failure, which is told', async () => {
  const { kafka } = memoryKafka([[aRecord], [aRecord]]);
  let taken = 0;
  const ranges = [0, 1].map((partition) => ({ partition, from: 0, to: 1 }));
  const reading = readLetters(kafka, ranges, () => {
    taken++;
    throw new Error('no space left');
  });
  await assert.rejects(reading, /no space left/);
  assert.equal(taken, 1);
});

test('of an empty topic nothing is read', async () => {
  const { kafka } = memoryKafka([[]]);
  await readLetters(kafka, [{ partition: 0, from: 0, to: 0 }], () => assert.fail('there is nothing'));
});
