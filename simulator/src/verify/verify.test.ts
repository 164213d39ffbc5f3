import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlainCells } from '../ledger/cells.ts';
import { compareFigures, type Figures } from './compare.ts';
import { collectRuns } from './earlier-runs.ts';

const SUMS: PlainCells = {
  gross_sales: { total: { all: 1_999 }, country: { GB: 1_500, DE: 499 } },
  orders: { total: { all: 3 } },
};
const SHOWN: Figures = {
  gross_sales: { total: { all: 19.99 }, country: { GB: 15, DE: 4.99 } },
  orders: { total: { all: 3 } },
};
const wrong = (parts: Partial<Parameters<typeof compareFigures>[0]>) =>
  compareFigures({ sums: SUMS, distinct: null, shown: SHOWN, scale: 2, ...parts })
    .filter(({ matches }) => !matches)
    .map(({ metric, dimension, value, expected, shown }) => [metric, dimension, value, expected, shown]);

test('figures that are as they must be show no difference', () => {
  assert.deepEqual(wrong({}), []);
});

test('a cell that is off by a penny is named', () => {
  const shown = { ...SHOWN, gross_sales: { total: { all: 19.99 }, country: { GB: 15.01, DE: 4.99 } } };
  assert.deepEqual(wrong({ shown }), [['gross_sales', 'country', 'GB', 15, 15.01]]);
});

test('a cell that is missing, or that must not be there, is named', () => {
  const shown = { ...SHOWN, gross_sales: { total: { all: 19.99 }, country: { GB: 15, FR: 2 } } };
  assert.deepEqual(wrong({ shown }), [
    ['gross_sales', 'country', 'DE', 4.99, 0],
    ['gross_sales', 'country', 'FR', 0, 2],
  ]);
});

test('distinct counts are exact when small, and within three standard errors when large', () => {
  const distinct = (all: number): Figures => ({ buyers: { total: { all } } });
  assert.deepEqual(wrong({ distinct: distinct(200), shown: { ...SHOWN, ...distinct(201) } }).length, 1);
  assert.deepEqual(wrong({ distinct: distinct(10_000), shown: { ...SHOWN, ...distinct(10_500) } }), []);
  assert.deepEqual(wrong({ distinct: distinct(10_000), shown: { ...SHOWN, ...distinct(11_000) } }).length, 1);
});

test('earlier runs of the shop count, those of others do not, and a run that was cut short is known', () => {
  const earlier = collectRuns(
    [
      { kind: 'run', run: 'one', shops: [{ shop: 'first' }] },
      { kind: 'window', run: 'one', shop: 'first', sums: SUMS },
      { kind: 'fates', run: 'one', shop: 'first' },
      { kind: 'run', run: 'two', shops: [{ shop: 'first' }, { shop: 'second' }] },
      { kind: 'window', run: 'two', shop: 'second', sums: SUMS },
      { kind: 'window', run: 'now', shop: 'first', sums: SUMS },
      { kind: 'run', run: 'now', shops: [{ shop: 'first' }] },
    ],
    'first',
    'now',
  );
  assert.deepEqual(earlier, { sums: [SUMS], runs: ['one', 'two'], unfinished: ['two'] });
});
