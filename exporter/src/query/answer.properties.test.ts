import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog } from '@storepulse/contracts';
import fc from 'fast-check';
import { ask, numbers, table } from '../testing/ask.ts';
import { documentsOf, type Happening } from '../testing/documents.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeShop } from '../testing/shops.ts';
import { WIDTHS } from './intervals.ts';

const HOUR = 3_600_000;
const BEGIN = Date.UTC(2026, 2, 27);
const LENGTH = 4 * 24 * HOUR;
const shop = makeShop({ scale: 0 });
const now = BEGIN + LENGTH;

const happening: fc.Arbitrary<Happening> = fc.record({
  time: fc.integer({ min: BEGIN, max: BEGIN + LENGTH - 1 }),
  adds: fc.record({
    gross_sales: fc.integer({ min: 0, max: 1_000 }),
    returns: fc.integer({ min: 0, max: 1_000 }),
    adjustments: fc.integer({ min: -1_000, max: 1_000 }),
    orders: fc.constant(1),
    buyers: fc.constantFrom('ann', 'bob', 'cid', 'dee'),
  }),
  dimensions: fc.record({
    country: fc.constantFrom('France', 'Spain', 'Malta', 'a.b', '$c', '%', 'other', 'unknown'),
  }),
});
const happenings = fc.array(happening, { minLength: 1, maxLength: 25 });
const additive = fc.constantFrom('gross_sales', 'orders', 'net_sales', 'net_after_adjustments');
const instant = fc
  .integer({ min: BEGIN / 10_000, max: (BEGIN + LENGTH) / 10_000 })
  .map((time) => time * 10_000);
const storeOf = (items: Happening[]) =>
  createMemoryStore({ shops: [shop], documents: documentsOf(catalog, shop, items) });
const total = (values: (number | null)[]) => values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
const whole = { range: { from: BEGIN, to: BEGIN + LENGTH }, now };
const runs = { numRuns: 40 };

test('groups add up to the total, however many of them are folded into other', async () => {
  await fc.assert(
    fc.asyncProperty(happenings, additive, fc.integer({ min: 1, max: 9 }), async (items, metric, limit) => {
      const store = storeOf(items);
      const [sum] = numbers(await ask(store, { metric, format: 'table' }, whole));
      const groups = table(await ask(store, { metric, format: 'table', groupBy: 'country', limit }, whole));
      assert.equal(total(Object.values(groups)), sum);
    }),
    runs,
  );
});

test('buckets of any width add up to the same total', async () => {
  await fc.assert(
    fc.asyncProperty(
      happenings,
      additive,
      fc.constantFrom(...WIDTHS.slice(1, 7)),
      async (items, metric, interval) => {
        const store = storeOf(items);
        // One whole local day, where buckets of all of these widths end too.
        const range = { from: BEGIN, to: BEGIN + 24 * HOUR };
        const [sum] = numbers(await ask(store, { metric, format: 'table' }, { range, now }));
        const series = numbers(await ask(store, { metric, interval }, { range, now }));
        assert.equal(total(series), sum ?? 0);
      },
    ),
    runs,
  );
});

test('a range cut anywhere is the sum of its two parts', async () => {
  await fc.assert(
    fc.asyncProperty(happenings, additive, instant, async (items, metric, cut) => {
      fc.pre(cut > BEGIN && cut < BEGIN + LENGTH);
      const store = storeOf(items);
      const sumOver = async (from: number, to: number) =>
        numbers(await ask(store, { metric, format: 'table' }, { range: { from, to }, now }))[0] ?? 0;
      const parts = (await sumOver(BEGIN, cut)) + (await sumOver(cut, BEGIN + LENGTH));
      assert.equal(parts, await sumOver(BEGIN, BEGIN + LENGTH));
    }),
    runs,
  );
});

test('a range counts what happened in it, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(happenings, instant, instant, async (items, a, b) => {
      fc.pre(a !== b);
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const inside = items.filter(({ time }) => time >= from && time < to);
      const answered = async (metric: string) =>
        numbers(await ask(storeOf(items), { metric, format: 'table' }, { range: { from, to }, now }))[0] ?? 0;
      assert.equal(await answered('orders'), inside.length);
      assert.equal(await answered('buyers'), new Set(inside.map(({ adds }) => adds.buyers)).size);
    }),
    runs,
  );
});

test('a filter and its opposite split the total', async () => {
  await fc.assert(
    fc.asyncProperty(happenings, additive, async (items, metric) => {
      const store = storeOf(items);
      const sumOf = async (operator: 'in' | 'not_in') => {
        const filters = [{ dimension: 'country', operator, values: ['France', '$c', 'a.b'] }];
        return numbers(await ask(store, { metric, format: 'table', filters }, whole))[0] ?? 0;
      };
      const [sum] = numbers(await ask(store, { metric, format: 'table' }, whole));
      assert.equal((await sumOf('in')) + (await sumOf('not_in')), sum);
    }),
    runs,
  );
});
