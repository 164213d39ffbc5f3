import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { machineClock, slowdown, wallClock } from './clock.ts';

test('a machine that takes twice as long as the reference machine is slowed down twice, and one that is faster is not', () => {
  assert.equal(slowdown([30, 50]), 2);
  assert.equal(slowdown([10, 15]), 1);
  assert.equal(slowdown([]), 1);
});

test('the clock of the machine never tells more than the time on the wall', async () => {
  const [wall, machine] = [await wallClock.start(), await machineClock.start()];
  await sleep(300);
  const elapsed = machine();
  assert.ok(elapsed > 0);
  assert.ok(elapsed <= wall(), `${elapsed} ms`);
});
