import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshnessByShop } from './freshness.ts';
import { knownUntil } from './known.ts';

const offsets = { transactions: 1 };

test('a shop is as fresh as the slowest of its tasks, and its last event is the latest of all', () => {
  const freshness = freshnessByShop([
    { offsets, watermarks: { a: 100, b: 5 }, latest: { a: 110, b: 10 } },
    { offsets, watermarks: { a: 90 }, latest: { a: 130 } },
    { offsets, watermarks: {}, latest: {} },
  ]);
  assert.deepEqual(freshness.get('a'), { lastEventTime: 130, watermark: 90 });
  assert.deepEqual(freshness.get('b'), { lastEventTime: 10, watermark: 5 });
  assert.equal(freshness.get('c'), undefined);
});

test('a shop of which a task can not tell yet has no watermark, and nothing of it is known for sure', () => {
  const freshness = freshnessByShop([
    { offsets, watermarks: { a: 100 }, latest: { a: 110 } },
    { offsets, watermarks: {}, latest: { a: 105 } },
  ]);
  assert.deepEqual(freshness.get('a'), { lastEventTime: 110, watermark: null });
  assert.equal(knownUntil(freshness.get('a'), 1_000), 0);
});

test('a task that reads no facts does not hold a shop back', () => {
  const freshness = freshnessByShop([
    { offsets, watermarks: { a: 100 }, latest: { a: 110 } },
    { offsets: { customers: 3 }, watermarks: { a: 5 }, latest: { a: 900 } },
  ]);
  assert.deepEqual(freshness.get('a'), { lastEventTime: 110, watermark: 100 });
});

test('data is never known beyond now', () => {
  assert.equal(knownUntil({ lastEventTime: 5_000, watermark: 4_000 }, 1_000), 1_000);
});
