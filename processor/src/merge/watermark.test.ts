import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shopWatermark, type TaskProgress } from './watermark.ts';

const NOW = 1_000_000;
const progress = (states: Record<string, Partial<TaskProgress>>) =>
  new Map(
    Object.entries(states).map(([_id, state]) => [
      _id,
      { _id, watermarks: {}, caughtUp: false, updatedAt: new Date(NOW), ...state },
    ]),
  );
const read = (states: Record<string, Partial<TaskProgress>>) =>
  shopWatermark('s', ['facts/0', 'facts/1'], progress(states), 60_000, NOW);

test('the slowest task decides', () => {
  assert.equal(read({ 'facts/0': { watermarks: { s: 500 } }, 'facts/1': { watermarks: { s: 300 } } }), 300);
});

const readTo = (at: number) => ({ caughtUp: true, readAt: new Date(at) });

test('a task that never saw the shop counts as the instant up to which it was read, less lateness', () => {
  assert.equal(
    read({ 'facts/0': { watermarks: { s: 999_999 } }, 'facts/1': readTo(NOW - 2_000) }),
    NOW - 62_000,
  );
});

test('a task that is behind, has no live owner or was never claimed leaves the watermark unknown', () => {
  const first = { watermarks: { s: 500 } };
  assert.equal(read({ 'facts/0': first, 'facts/1': {} }), null);
  assert.equal(
    read({ 'facts/0': first, 'facts/1': { ...readTo(NOW - 20_000), updatedAt: new Date(NOW - 20_000) } }),
    null,
  );
  assert.equal(read({ 'facts/0': first, 'facts/1': { ...readTo(NOW), caughtUp: false } }), null);
  assert.equal(read({ 'facts/0': first }), null);
});
