import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slowestLines } from './slowest.ts';

test('the files that took longest are shown with their seconds, longest first, and no more than asked for', () => {
  const times = [
    { file: 'a.test.ts', ms: 950 },
    { file: 'b.test.ts', ms: 61_240 },
    { file: 'c.test.ts', ms: 3_000 },
  ];
  assert.deepEqual(slowestLines(times, 2), ['   61.2 s  b.test.ts', '    3.0 s  c.test.ts']);
});
