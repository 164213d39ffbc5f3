import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aggregators, catalog, type StoredMetric } from '@storepulse/contracts';
import { compareCell } from './compare-cell.ts';
import { type Figure, readStored } from './figures.ts';

const metric = (name: string) => catalog.metrics.get(name) as StoredMetric;
const NOBODY = { sure: 0, possible: 0 };
const matches = (name: string, ...[tally, figure]: [Parameters<typeof compareCell>[1], Figure | undefined]) =>
  compareCell(metric(name), tally, figure, NOBODY).matches;
const ids = (count: number) => new Set(Array.from({ length: count }, (_, n) => `v${n}`));

test('counts and sums must be equal; where nothing was counted, nothing and 0 are the same', () => {
  assert.equal(matches('gross_sales', 1_999, 1_999), true);
  assert.equal(matches('gross_sales', 1_999, 2_000), false);
  assert.equal(matches('orders', 3, undefined), false);
  assert.equal(matches('orders', undefined, 1), false);
  assert.equal(matches('orders', undefined, 0), true);
});

test('least, greatest and last must be equal, and missing on both sides or on none', () => {
  const totals = new Map([
    [500, 2],
    [900, 1],
  ]);
  assert.equal(matches('smallest_order', totals, 500), true);
  assert.equal(matches('largest_order', totals, 900), true);
  assert.equal(matches('largest_order', totals, 500), false);
  assert.equal(matches('largest_order', undefined, 500), false);
  assert.equal(matches('largest_order', undefined, undefined), true);
  assert.equal(matches('stock', { time: 1, id: 'e', value: 0 }, 0), true);
  assert.equal(matches('stock', { time: 1, id: 'e', value: 0 }, undefined), false);
});

test('distinct counts are exact while they are small, and estimates within five standard errors beyond', () => {
  assert.equal(matches('buyers', ids(200), 200), true);
  assert.equal(matches('buyers', ids(200), 201), false);
  assert.equal(matches('buyers', ids(10_000), 10_500), true);
  assert.equal(matches('buyers', ids(10_000), 11_500), false);
});

test('a distribution must hold as many values, and its quantiles lie within one per cent of theirs', () => {
  const latency = metric('checkout_latency');
  const values = Array.from({ length: 999 }, (_, n) => (n * 37) % 5_000);
  const tally = new Map(
    [...Map.groupBy(values, (value) => value)].map(([value, same]) => [value, same.length] as const),
  );
  const { add, zero, encode } = aggregators.distribution;
  const sketch = (of: readonly number[]) => readStored(latency, encode(of.reduce(add, zero())));
  assert.equal(matches('checkout_latency', tally, sketch(values)), true);
  assert.equal(matches('checkout_latency', tally, sketch(values.slice(1))), false);
  const slower = values.map((value) => value * 1.05);
  const verdict = compareCell(latency, tally, sketch(slower), NOBODY);
  assert.deepEqual([verdict.matches, verdict.part], [false, 'p50']);
  assert.equal(matches('checkout_latency', undefined, sketch([])), true);
});

test('where only the median of a distribution is shown, that is compared', () => {
  const tally = new Map([
    [100, 1],
    [200, 1],
    [4_000, 1],
  ]);
  assert.equal(matches('checkout_latency', tally, 201), true);
  assert.equal(matches('checkout_latency', tally, 220), false);
  assert.equal(matches('checkout_latency', tally, undefined), false);
});

test('a histogram must hold as many values, each on its side of a bound unless it lies within one per cent of it', () => {
  const tally = new Map([
    [0.2, 3],
    [0.502, 2],
    [4, 1],
  ]);
  const histogram = (half: number, count = 6): Figure => ({
    count,
    buckets: [
      [0.5, half],
      [5, 6],
    ],
  });
  assert.deepEqual(
    [2, 3, 5, 6].map((half) => matches('view_duration', tally, histogram(half))),
    [false, true, true, false],
  );
  assert.equal(matches('view_duration', tally, histogram(3, 7)), false);
});

test('visits count as ended surely, possibly or not yet, by their latest event', () => {
  const endings = new Map([
    [1_000, 5],
    [2_000, 3],
    [3_000, 1],
  ]);
  const judged = (shown: number) =>
    compareCell(metric('bounced_sessions'), endings, shown, { sure: 1_500, possible: 2_500 });
  assert.deepEqual(
    [4, 5, 8, 9].map((shown) => judged(shown).matches),
    [false, true, true, false],
  );
  assert.equal(judged(5).undecided, true);
  const decided = compareCell(metric('bounced_sessions'), endings, 9, { sure: 9_000, possible: 9_500 });
  assert.deepEqual([decided.matches, decided.undecided], [true, false]);
});
