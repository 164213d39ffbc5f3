import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCommitSize } from './commit-size.ts';

test('commits shrink until one record is left, and grow back to the usual size when they go through', () => {
  const size = createCommitSize();
  assert.deepEqual([size.share, size.records], [1, Number.POSITIVE_INFINITY]);
  size.shrink();
  assert.deepEqual([size.share, size.records], [0.25, 1024]);
  for (let n = 0; n < 20; n++) size.shrink();
  assert.equal(size.records, 1);
  for (let n = 0; n < 60; n++) size.grow();
  assert.deepEqual([size.share, size.records], [1, Number.POSITIVE_INFINITY]);
});
