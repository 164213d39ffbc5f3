import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, parseWindowId, unescapeField, zoneCalendar } from '@storepulse/contracts';
import fc from 'fast-check';
import { BSON } from 'mongodb';
import { anEvent, NOON, SHOP } from '../testing/events.ts';
import { partialStore } from '../testing/partial-store.ts';
import { emptyDelta, windowOf } from './delta.ts';
import { foldDelta } from './fold.ts';
import { partialWrite } from './partial-write.ts';
import { createPartialCache } from './partials.ts';
import { compilePlan } from './plan.ts';
import { spread } from './spread.ts';

const plan = compilePlan(catalog);
const shop = { shop: SHOP, calendar: zoneCalendar(SHOP.timeZone) };

/** One of so many tasks, which views of categories are counted by; its memory holds `bound` cells between commits. */
function taskOf(tasks: number, bound = 200_000) {
  const store = partialStore();
  const cache = createPartialCache('facts/0', store.collection, { bound });
  const named = new Map<string, number>();
  let seq = 0;
  const lifetime = () => store.documents().filter(({ window }) => window.includes('|all|'));
  return {
    documents: store.documents,
    lifetime,
    /** Cells that were told last, by dimension. */
    named,
    /** Commits one view of each of these categories. @returns the written documents */
    commit: async (categories: readonly string[]) => {
      const delta = emptyDelta();
      for (const category of categories) {
        const event = anEvent('product_viewed', { category, sku: `SKU ${category}`, sessionId: null });
        plan.addEvent.get(event.type)!(windowOf(delta, event.shop, NOON), event);
      }
      seq++;
      const folded = foldDelta(delta, plan, () => shop, 0);
      const touched = await spread(folded, cache, tasks, (_ref, dimension, cells) =>
        named.set(dimension, cells),
      );
      for (const [window, change] of touched)
        store.write(partialWrite('facts/0', window, change, seq, cache));
      cache.noteStored(touched.keys(), seq);
      cache.trim();
      return [...touched.keys()];
    },
    /** Views of the lifetime by value, over all its documents. */
    views: (dimension: string) => {
      const views = new Map<string, number>();
      for (const { cells } of lifetime()) {
        for (const [field, cell] of Object.entries(cells[dimension] ?? {})) {
          const value = unescapeField(field);
          const { product_views: found = 0 } = cell as Record<string, number>;
          views.set(value, (views.get(value) ?? 0) + found);
        }
      }
      return views;
    },
  };
}

const names = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => `Home/item-page-${from + n}/some-long-name-as-category-${n}`);
const countsOf = (all: readonly string[]) => Map.groupBy(all, (name) => name);
const sorted = (counts: Iterable<readonly [string, number]>) =>
  [...counts].sort(([a], [b]) => (a < b ? -1 : 1));

test('however values come, grow and are forgotten between, their figures are those of one pass', async () => {
  const name = fc.integer({ min: 0, max: 200 }).map((n) => `Category ${n}`);
  const commits = fc.array(fc.array(name, { minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 5 });
  // Two hundred values outgrow the first levels, whatever else is drawn.
  const many = Array.from({ length: 5 }, (_, batch) =>
    Array.from({ length: 40 }, (_, n) => `Category ${40 * batch + n}`),
  );
  let furthest = 0;
  await fc.assert(
    fc.asyncProperty(commits, fc.constantFrom(0, 50, 100_000), async (batches, bound) => {
      const task = taskOf(2_000, bound);
      for (const batch of batches) await task.commit(batch);
      const all = batches.flat();
      const expected = [...countsOf(all)].map(([category, { length }]) => [category, length] as const);
      assert.deepEqual(sorted(task.views('category')), sorted(expected));
      assert.deepEqual(
        sorted(task.views('sku')),
        sorted(expected.map(([category, views]) => [`SKU ${category}`, views])),
      );
      assert.deepEqual([...task.views('total')], [['all', all.length]]);
      for (const { window } of task.documents()) furthest = Math.max(furthest, parseWindowId(window).bucket);
    }),
    { numRuns: 15, examples: [[many, 50]] },
  );
  assert.ok(furthest > 20, 'the third level was reached');
});

test('one that has very many values makes no large document, whatever else the window holds stays, and it is told', async () => {
  const tasks = 64;
  const task = taskOf(tasks);
  for (let at = 0; at < 3_000; at += 500) await task.commit(names(at, at + 500));
  assert.equal(task.views('category').size, 3_000);
  const sizes = task.documents().map((document) => BSON.calculateObjectSize(document));
  // All tasks' documents make one of `metrics`.
  assert.ok(Math.max(...sizes) * tasks < 1_000_000, `the largest document has ${Math.max(...sizes)} bytes`);
  const told = task.named.get('category')!;
  assert.ok(told >= 3_000 && told < 3_300, `a few values are met at several levels: ${told}`);
  const heads = task.lifetime().filter(({ window }) => window.includes('|narrow|'));
  assert.ok(heads.every(({ window }) => parseWindowId(window).bucket === 0));
  assert.deepEqual(
    heads.map(({ further = {} }) => Object.keys(further)).filter(({ length }) => length > 0),
    [['category']],
  );
});

test('a change of one value writes one document more for each window, however many values there are', async () => {
  const task = taskOf(64);
  for (let at = 0; at < 1_000; at += 500) await task.commit(names(at, at + 500));
  const [value] = names(0, 1);
  const written = await task.commit([value!]);
  const buckets = written.map((window) => parseWindowId(window)).filter(({ part }) => part === 'category');
  assert.equal(buckets.length, 5, 'one in each resolution');
});

test('a document of which much has changed is written whole, one of which little has by its cells', async () => {
  const store = partialStore();
  const cache = createPartialCache('facts/0', store.collection);
  const write = async (categories: readonly string[], seq: number) => {
    const delta = emptyDelta();
    for (const category of categories) {
      const event = anEvent('product_viewed', { category, sessionId: null });
      plan.addEvent.get(event.type)!(windowOf(delta, event.shop, NOON), event);
    }
    const touched = await spread(
      foldDelta(delta, plan, () => shop, 0),
      cache,
      1,
    );
    const writes = [...touched].map(([window, change]) =>
      partialWrite('facts/0', window, change, seq, cache),
    );
    for (const operation of writes) store.write(operation);
    cache.noteStored(touched.keys(), seq);
    return [...new Set(writes.flatMap((operation) => Object.keys(operation)))].sort();
  };
  assert.deepEqual(await write(names(0, 1_200), 1), ['insertOne']);
  assert.deepEqual(await write(names(0, 2), 2), ['updateOne']);
  assert.ok((await write(names(0, 1_200), 3)).includes('replaceOne'));
});

test('a small shop has one document for each part, and no level', async () => {
  const task = taskOf(12);
  await task.commit(['Mugs', 'Lamps', 'Home > Kitchen', ...names(0, 40)]);
  for (const { window, further } of task.documents())
    assert.deepEqual([parseWindowId(window).bucket, further], [0, undefined]);
});
