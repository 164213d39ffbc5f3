import type { AskedRecords } from '@storepulse/contracts/grafana/validate-records';
import { recordsPath } from './recordsPath';

const range = { from: 1, to: 2 };
const asked = (changes: Partial<AskedRecords> = {}): AskedRecords => ({
  ...{ type: 'records', shop: 'demo', kind: 'orders', filters: [], limit: 9 },
  ...changes,
});

test('records that have a time are those of the range; products have none', () => {
  expect(recordsPath(asked({ sort: '-total' }), range)).toBe(
    'orders?shop=demo&from=1&to=2&sort=-total&limit=9',
  );
  expect(recordsPath(asked({ kind: 'products' }), range)).toBe('products?shop=demo&limit=9');
});

test('filters are parameters, and where they exclude each other nothing is asked', () => {
  const by = (...values: string[]) => ({ dimension: 'sku', operator: 'in' as const, values });
  expect(recordsPath(asked({ kind: 'products', filters: [by('A', 'B')] }), range)).toBe(
    'products?shop=demo&limit=9&sku=A&sku=B',
  );
  expect(recordsPath(asked({ filters: [by('A'), by('B')] }), range)).toBeUndefined();
});

test('a search looks through records of the kind, whatever the range', () => {
  expect(recordsPath(asked({ kind: 'products', search: 'blue mug' }), range)).toBe(
    'search?shop=demo&q=blue+mug&kinds=products&limit=9',
  );
});
