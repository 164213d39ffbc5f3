import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sharedRead } from './shared-read.ts';

test('reads at the same time are one, a later one is its own', async () => {
  let reads = 0;
  const read = sharedRead(async () => ++reads);
  assert.deepEqual(await Promise.all([read(), read(), read()]), [1, 1, 1]);
  assert.equal(await read(), 2);
});

test('a read that failed is not kept', async () => {
  let reads = 0;
  const read = sharedRead(async () => {
    if (++reads === 1) throw new Error('away');
    return reads;
  });
  await assert.rejects(read());
  assert.equal(await read(), 2);
});
