import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, type StoredMetric } from '@storepulse/contracts';
import { foldWindows } from './fold.ts';

test('a value that several documents of a window name is the sum of what they say of it', () => {
  const views = catalog.metrics.get('product_views') as StoredMetric;
  const windows = [
    { start: 0, cells: { Mugs: { product_views: 3 }, Lamps: { product_views: 1 } } },
    { start: 0, cells: { Mugs: { product_views: 4 } } },
    { start: 0, cells: { Rugs: { product_views: 2 } } },
  ];
  const { rows } = foldWindows(windows, [views], [{ from: 0, to: 10 }], (value) => value);
  assert.deepEqual(
    [...rows],
    [
      ['Mugs', [[7]]],
      ['Lamps', [[1]]],
      ['Rugs', [[2]]],
    ],
  );
});
