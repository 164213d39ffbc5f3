import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeBacklog } from './merging.ts';

const NOW = Date.UTC(2026, 0, 1);
const partition = (behind: number, age = 1_000) => ({ behind, updatedAt: new Date(NOW - age) });

test('a few windows on their way are no backlog', () => {
  assert.equal(mergeBacklog([partition(100), partition(300)], NOW), undefined);
  assert.equal(mergeBacklog([], NOW), undefined);
});

test('a backlog over all partitions is told with its size', () => {
  assert.match(mergeBacklog([partition(90_000), partition(10_000)], NOW)!.text, /100,000 changed windows/);
});

test('a merge stage that fell silent is told with the time', () => {
  assert.match(
    mergeBacklog([partition(0), partition(0, 20_000)], NOW)!.text,
    /since 2025-12-31T23:59:40.000Z/,
  );
});
