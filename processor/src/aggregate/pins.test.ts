import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPins } from './pins.ts';

test('what is held twice stays until both have let go, and letting go twice is once', () => {
  const pins = createPins();
  const one = pins.hold(['a', 'b']);
  const other = pins.hold(['b']);
  one();
  one();
  assert.deepEqual([pins.has('a'), pins.has('b')], [false, true]);
  other();
  assert.equal(pins.has('b'), false);
});
