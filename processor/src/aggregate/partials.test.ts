import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, type PartialDocument } from '@storepulse/contracts';
import type { Collection } from 'mongodb';
import { emptyCell } from './delta.ts';
import { createPartialCache } from './partials.ts';
import { compilePlan } from './plan.ts';

const [group] = compilePlan(catalog).groups;

/** A cache over an empty store that keeps ten cells, and windows of so many cells each. */
async function cacheWith(windows: Readonly<Record<string, number>>) {
  const empty = { find: () => (async function* () {})() } as unknown as Collection<PartialDocument>;
  const cache = createPartialCache('facts/0', empty, { bound: 10 });
  const load = (ids: readonly string[]) => cache.load(new Map(ids.map((id) => [id, group!])));
  await load(Object.keys(windows));
  for (const [window, cells] of Object.entries(windows)) {
    const values = Array.from({ length: cells }, (_, i) => [`v${i}`, emptyCell(1)] as const);
    cache.get(window).state.set('total', new Map(values));
  }
  cache.noteStored(Object.keys(windows), 1);
  return { cache, load };
}

test('what was used longest ago is forgotten until no more cells stay than may', async () => {
  const { cache } = await cacheWith({ a: 4, b: 4, c: 4 });
  cache.trim();
  assert.deepEqual([cache.get('a'), cache.size], [undefined, 2]);
});

test('a window that is used again stays, and one of many cells goes alone', async () => {
  const { cache, load } = await cacheWith({ large: 9, a: 2, b: 2 });
  await load(['a']);
  cache.trim();
  assert.deepEqual([cache.get('large'), cache.size], [undefined, 2]);
});
