import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTraffic } from './traffic.ts';

test('traffic that comes to be ahead of the clock is told, since its events would be put aside', () => {
  const traffic = createTraffic({ seed: 'ahead', faults: {}, rate: 10, ageMs: 10_000 });
  traffic.next(50);
  assert.throws(() => traffic.next(200), /ahead of the clock/);
});
