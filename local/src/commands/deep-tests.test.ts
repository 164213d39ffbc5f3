import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deepTests } from './deep-tests.ts';

test('a name that no deep test has runs nothing, and the error says which there are', async () => {
  await assert.rejects(deepTests('tests/warehouse/deep', {}, ['deep/seam']), {
    code: 'no_tests',
    message: /"deep\/seam": there are .*depth, .*seam\.$/,
  });
});
