import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedSpans, type ReadFile } from './changed-days.ts';

const file = (_id: string, day: string, rows: number, merged = false): ReadFile => ({
  ...{ _id, shop: 'demo', type: 'order_placed', firstDate: day, lastDate: day, rows, merged },
});
const days = (before: ReadFile[], now: ReadFile[], erased = false) =>
  changedSpans(before, now, () => erased).map(({ firstDate, lastDate }) => `${firstDate} ${lastDate}`);

test('what has arrived changes its days, and nothing else', () => {
  const before = [file('a', '2026-01-01', 5)];
  assert.deepEqual(days(before, before), []);
  assert.deepEqual(days(before, [...before, file('b', '2025-12-24', 1)]), ['2025-12-24 2025-12-24']);
});

test('files that were merged hold what they held, unless rows or a person are missing', () => {
  const before = [file('a', '2026-01-01', 5), file('b', '2026-01-01', 2)];
  assert.deepEqual(days(before, [file('m', '2026-01-01', 7, true)]), []);
  assert.equal(
    days(before, [file('m', '2026-01-01', 8, true)]).length,
    3,
    'one came and was merged meanwhile',
  );
  assert.equal(days(before, [file('m', '2026-01-01', 7, true)], true).length, 3, 'a customer was erased');
});
