import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTraffic } from './traffic.ts';

test('traffic is quiet while no more than eight records come in two periods', () => {
  let now = Date.UTC(2026, 0, 1, 12);
  const { note, isQuiet } = createTraffic(() => now);
  assert.equal(isQuiet(8), true);
  assert.equal(isQuiet(9), false);
  note(5);
  assert.equal(isQuiet(3), true);
  assert.equal(isQuiet(4), false);
  now += 4_000;
  assert.equal(isQuiet(4), false, 'the period before counts');
  note(1);
  now += 4_000;
  assert.equal(isQuiet(7), true, 'the one before it does not');
  now += 8_000;
  assert.equal(isQuiet(8), true, 'after a rest nothing does');
});
