import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MAX_SERIES, MAX_SERIES_PER_METRIC, seriesPerShop } from './series-budget.ts';

test('one shop may have a whole metric’s budget', () => {
  assert.equal(seriesPerShop([38, 3, 8], 1, 22), 100);
});

test('shops share a metric’s budget', () => {
  assert.equal(seriesPerShop([38, 38, 38], 3, 66), 33);
});

test('whatever the shops hold, neither budget is exceeded', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 90 }),
      fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 60 }),
      (shops, sizes) => {
        const all = Array.from({ length: shops }, () => sizes).flat();
        const totals = 22 * shops;
        const limit = seriesPerShop(all, shops, totals);
        assert.ok(limit * shops <= MAX_SERIES_PER_METRIC);
        assert.ok(
          all.reduce((sum, size) => sum + Math.min(size, limit), totals) <= Math.max(MAX_SERIES, totals),
        );
      },
    ),
  );
});
