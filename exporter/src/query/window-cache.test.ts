import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, type MetricDocument } from '@storepulse/contracts';
import fc from 'fast-check';
import type { MetricStore } from '../store/store.ts';
import { documentsOf } from '../testing/documents.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeShop } from '../testing/shops.ts';
import { DEFAULT_LIMITS } from '../work/limits.ts';
import { answerRequest } from './answer.ts';
import { createAnswering } from './answering.ts';

const DAY = 86_400_000;
const BEGIN = Date.UTC(2026, 0, 1);
const shop = makeShop({ timeZone: 'UTC', scale: 0 });
const now = BEGIN + 30 * DAY;

/** A store whose documents change, that counts what is read of it. */
function changingStore() {
  const state = { documents: [] as MetricDocument[], read: 0 };
  const over = () => createMemoryStore({ shops: [shop], documents: state.documents });
  const count = async function* (batches: AsyncIterable<readonly Buffer[]>) {
    for await (const batch of batches) {
      state.read += batch.length;
      yield batch;
    }
  };
  const store = new Proxy(over(), {
    get: (_, name: keyof MetricStore) => {
      const current = over();
      if (name === 'windows')
        return (...args: Parameters<MetricStore['windows']>) => count(current.windows(...args));
      if (name === 'windowsOf')
        return (...args: Parameters<MetricStore['windowsOf']>) => count(current.windowsOf(...args));
      return current[name];
    },
  });
  return { state, store };
}

function asker(store: MetricStore, windowCacheBytes = DEFAULT_LIMITS.windowCacheBytes) {
  const answering = createAnswering({
    ...{ store, catalog, limits: { ...DEFAULT_LIMITS, windowCacheBytes }, now: () => now },
    ...{ onFailure: assert.ifError, onRefusal: () => {}, catalogVersion: 'test' },
  });
  const ask = async (
    groupBy: string | undefined,
    days: number,
    format: 'table' | 'time_series',
    metrics: readonly string[] = ['gross_sales'],
  ) => {
    const queries = metrics.map((metric) => ({
      ...{ refId: metric, shop: shop.shop, metric, format },
      ...(groupBy ? { groupBy } : {}),
      ...(format === 'table' ? {} : { interval: '1d' as const }),
    }));
    const range = { from: BEGIN, to: BEGIN + days * DAY };
    const allowance = answering.allowances.begin();
    const { results } = await answerRequest({ range, queries }, answering.deps, allowance);
    allowance.end();
    assert.equal(answering.allowances.heldBytes(), 0);
    return metrics.flatMap((metric) => results[metric]!.frames);
  };
  return { ask, bytes: answering.keptBytes.windows };
}

/** What was sold per day and product; a day's documents rise in version with each sale. */
function documentsAfter(sales: readonly { day: number; sku: string; amount: number }[]): MetricDocument[] {
  const documents = documentsOf(
    catalog,
    shop,
    sales.map(({ day, sku, amount }) => ({
      time: BEGIN + day * DAY + 5_000,
      adds: { gross_sales: amount },
      dimensions: { sku },
    })),
    ['1d', 'all'],
  );
  const salesOf = (start: number) => sales.filter(({ day }) => BEGIN + day * DAY === start).length;
  return documents.map((document) => ({ ...document, version: 1 + salesOf(document.start.getTime()) }));
}

test('what is kept answers as what is stored does, whatever changes in between and whatever is forgotten', async () => {
  const sale = fc.record({ day: fc.nat(9), sku: fc.constantFrom('a', 'b', 'c.d', '$e'), amount: fc.nat(99) });
  const step = fc.record({
    sales: fc.array(sale, { maxLength: 4 }),
    groupBy: fc.constantFrom('sku', undefined),
    days: fc.integer({ min: 1, max: 10 }),
    format: fc.constantFrom('table' as const, 'time_series' as const),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 2, maxLength: 6 }),
      fc.constantFrom(0, 4_000, DEFAULT_LIMITS.windowCacheBytes),
      async (steps, cacheBytes) => {
        const { state, store } = changingStore();
        const { ask, bytes } = asker(store, cacheBytes);
        const sold: { day: number; sku: string; amount: number }[] = [];
        for (const { sales, groupBy, days, format } of steps) {
          sold.push(...sales);
          state.documents = documentsAfter(sold);
          const fresh = asker(createMemoryStore({ shops: [shop], documents: state.documents }), 0);
          assert.deepEqual(await ask(groupBy, days, format), await fresh.ask(groupBy, days, format));
          assert.ok(bytes() <= cacheBytes);
        }
      },
    ),
    { numRuns: 40 },
  );
});

test('of a year that was read, only what has changed is read again', async () => {
  const { state, store } = changingStore();
  const { ask } = asker(store);
  const sold = Array.from({ length: 30 }, (_, day) => ({ day, sku: 'a', amount: day }));
  state.documents = documentsAfter(sold);
  await ask('sku', 30, 'time_series');
  assert.equal(state.read, 30);
  await ask('sku', 30, 'time_series');
  assert.equal(state.read, 30);
  state.documents = documentsAfter([...sold, { day: 29, sku: 'a', amount: 1 }]);
  const frames = await ask('sku', 30, 'time_series');
  assert.equal(state.read, 31);
  assert.equal(frames[0]!.fields[1]!.values.at(-1), 30);
});

test('metrics of one request are read from the same documents at once, and nothing of these is kept for the next', async () => {
  const { state, store } = changingStore();
  state.documents = documentsOf(
    catalog,
    shop,
    Array.from({ length: 30 }, (_, day) => ({
      time: BEGIN + day * DAY + 5_000,
      adds: { gross_sales: day, units: 2 },
      dimensions: { sku: 'a' },
    })),
    ['1d'],
  );
  const { ask } = asker(store, 0);
  const frames = await ask('sku', 30, 'time_series', ['gross_sales', 'units']);
  assert.deepEqual(
    frames.map(({ fields }) => fields.slice(1).map(({ values }) => values.at(-1))),
    [[29], [2]],
  );
  assert.equal(state.read, 30);
  await ask('sku', 20, 'time_series', ['units', 'gross_sales']);
  assert.equal(state.read, 50);
});
