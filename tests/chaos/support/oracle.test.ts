import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addTo, type CellNumbers, cellName, differencesOf, shownCells, windowStarts } from './oracle.ts';

const TIME = Date.UTC(2026, 5, 30, 23, 30, 10);
const expected: CellNumbers = new Map();
for (const [resolution, start] of windowStarts('Europe/London')(TIME)) {
  addTo(expected, cellName(resolution, start, 'orders', 'total', 'all'), 2);
  addTo(expected, cellName(resolution, start, 'orders', 'device', 'mobile'), 2);
  addTo(expected, cellName(resolution, start, 'gross_sales', 'total', 'all'), 1_999);
}
const CUTS = new Set(['orders total', 'orders device', 'gross_sales total']);
const windows = (gross: number) =>
  (
    [
      ['10s', TIME],
      ['1m', TIME - 10_000],
      ['1h', TIME - 30 * 60_000 - 10_000],
      // In summer, London's day begins at 23:00 UTC.
      ['1d', TIME - 30 * 60_000 - 10_000],
      ['all', 0],
    ] as const
  ).map(([resolution, start]) => ({
    resolution,
    start,
    cells: {
      total: { all: { orders: 2, gross_sales: gross } },
      device: { mobile: { orders: 2 }, tablet: { orders: 0 } },
    },
  }));

test('windows that hold what they must, at every resolution, do not differ', () => {
  assert.deepEqual(differencesOf('here', expected, shownCells(windows(1_999), CUTS)), []);
});

test('a penny too much is found in each window', () => {
  const found = differencesOf('here', expected, shownCells(windows(2_000), CUTS));
  assert.equal(found.length, 5);
  assert.deepEqual(found.at(-1), {
    cell: 'here: all gross_sales total=all',
    expected: 1_999,
    shown: 2_000,
  });
});

test('a window that is missing differs, and one that must not be there', () => {
  const [first, ...rest] = windows(1_999);
  assert.equal(differencesOf('here', expected, shownCells(rest, CUTS)).length, 3);
  const moved = [{ ...first!, start: TIME + 10_000 }, ...rest];
  assert.equal(differencesOf('here', expected, shownCells(moved, CUTS)).length, 6);
});
