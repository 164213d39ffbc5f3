import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, type Frame } from '@storepulse/contracts';
import fc from 'fast-check';
import { ask, numbers, table } from '../testing/ask.ts';
import { documentsOf } from '../testing/documents.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeShop } from '../testing/shops.ts';

const BEGIN = Date.UTC(2026, 2, 27, 12);
const HOUR = 3_600_000;
const range = { from: BEGIN, to: BEGIN + 3 * HOUR };
const options = { range, now: range.to };
const shop = makeShop();
interface View {
  readonly hour: number;
  readonly ms: number;
  readonly category: string;
}
const storeOf = (views: readonly View[]) =>
  createMemoryStore({
    shops: [shop],
    documents: documentsOf(
      catalog,
      shop,
      views.map(({ hour, ms, category }) => ({
        time: BEGIN + hour * HOUR,
        adds: { view_duration: ms },
        dimensions: { category },
      })),
    ),
  });
const view: fc.Arbitrary<View> = fc.record({
  hour: fc.integer({ min: 0, max: 2 }),
  ms: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 1_000_000 })),
  category: fc.constantFrom('Mugs', 'Lamps'),
});
const views = fc.array(view, { minLength: 1, maxLength: 40 });
const query = { metric: 'view_duration', format: 'heatmap', interval: '1h' } as const;
const rowsOf = (frame: Frame) =>
  frame.fields.slice(1).map(({ labels, values }) => ({ le: Number(labels!.le), values: values as number[] }));
/** A sketch's bin reaches so far beyond a bound. */
const SLACK = 1.0203;

test('a heat map has every value once, in the row of its range and the bucket of its time', async () => {
  await fc.assert(
    fc.asyncProperty(views, async (seen) => {
      const { frames, error } = await ask(storeOf(seen), query, options);
      assert.equal(error, undefined);
      const rows = rowsOf(frames[0]!);
      assert.deepEqual(
        rows.map(({ le }) => le),
        rows.map(({ le }) => le).toSorted((a, b) => a - b),
      );
      for (const hour of [0, 1, 2]) {
        const own = seen.filter((each) => each.hour === hour).map(({ ms }) => ms);
        let below = 0;
        for (const { le, values } of rows) {
          below += values[hour]!;
          const least = own.filter((ms) => ms <= le).length;
          const most = own.filter((ms) => ms <= le * SLACK).length;
          assert.ok(below >= least && below <= most, `${below} up to ${le}, of ${own.join(', ')}`);
        }
        assert.equal(below, own.length);
      }
    }),
    { numRuns: 40 },
  );
});

test('rows begin at the least value and end at the greatest, at round bounds', async () => {
  const store = storeOf([
    { hour: 0, ms: 90, category: 'Mugs' },
    { hour: 1, ms: 1_800, category: 'Mugs' },
    { hour: 1, ms: 400, category: 'Lamps' },
  ]);
  const { frames, meta } = await ask(store, query, options);
  const [frame] = frames;
  assert.equal(frame!.meta?.type, 'heatmap-rows');
  assert.deepEqual(frame!.meta?.custom, { layout: 'le', unit: 'ms', relativeError: 0.01 });
  assert.deepEqual(
    rowsOf(frame!).map(({ le }) => le),
    [100, 150, 200, 300, 500, 700, 1_000, 1_500, 2_000],
  );
  assert.ok(meta.notices.some(({ text }) => text.includes('estimate')));
  const filters = [{ dimension: 'category', operator: '=' as const, values: ['Lamps'] }];
  const filtered = await ask(store, { ...query, filters }, options);
  assert.deepEqual(rowsOf(filtered.frames[0]!), [{ le: 500, values: [0, 1, 0] }]);
  const none = await ask(storeOf([{ hour: 0, ms: 0, category: 'Mugs' }]), query, options);
  assert.deepEqual(rowsOf(none.frames[0]!), [{ le: 1, values: [1, 0, 0] }]);
  const empty = await ask(storeOf([]), query, options);
  assert.deepEqual(rowsOf(empty.frames[0]!), []);
});

test('a heat map of what is no distribution, by group or compared, is refused by name', async () => {
  const refusals = [
    [{ metric: 'orders' }, /"heatmap" can't be had of orders/],
    [{ metric: 'view_duration_p90' }, /"heatmap" can't be had of view_duration_p90/],
    [{ groupBy: 'category' }, /"heatmap" and "groupBy"/],
    [{ compareTo: 'previous_week' }, /"heatmap" and "compareTo"/],
  ] as const;
  for (const [fields, words] of refusals) {
    const { error } = await ask(storeOf([]), { ...query, ...fields }, options);
    assert.equal(error?.code, 'invalid_request');
    assert.match(error!.detail, words);
  }
});

test('any quantile is within one per cent of the value of that rank, as a whole, by group and over time', async () => {
  await fc.assert(
    fc.asyncProperty(views, fc.double({ min: 0, max: 1, noNaN: true }), async (seen, quantile) => {
      const store = storeOf(seen);
      const check = (answered: number | null | undefined, part: readonly View[]) => {
        const sorted = part.map(({ ms }) => ms).toSorted((a, b) => a - b);
        if (sorted.length === 0) return assert.equal(answered ?? null, null);
        const rank = quantile * (sorted.length - 1);
        const near = [sorted[Math.floor(rank)]!, sorted[Math.ceil(rank)]!];
        assert.ok(
          near.some((ms) => Math.abs(answered! - ms) <= ms * 0.0101),
          `${answered} at ${quantile} of ${sorted.join(', ')}`,
        );
      };
      const asked = { metric: 'view_duration', quantile };
      check(numbers(await ask(store, { ...asked, format: 'table' }, options))[0], seen);
      const groups = table(await ask(store, { ...asked, format: 'table', groupBy: 'category' }, options));
      for (const category of ['Mugs', 'Lamps'])
        check(
          groups[category],
          seen.filter((each) => each.category === category),
        );
      const series = numbers(await ask(store, { ...asked, interval: '1h' }, options));
      for (const hour of [0, 1, 2])
        check(
          series[hour],
          seen.filter((each) => each.hour === hour),
        );
    }),
    { numRuns: 40 },
  );
});

test('a quantile has its share in the title, and is none of what is no distribution', async () => {
  const store = storeOf([{ hour: 0, ms: 90, category: 'Mugs' }]);
  const { frames } = await ask(store, { metric: 'view_duration_p90', quantile: 0.975 }, options);
  assert.match(frames[0]!.name, /, p97\.5$/);
  assert.equal(frames[0]!.fields[1]!.name, 'view_duration_p90');
  const { error } = await ask(store, { metric: 'orders', quantile: 0.5 }, options);
  assert.match(error!.detail, /"quantile" can't be had of orders/);
});
