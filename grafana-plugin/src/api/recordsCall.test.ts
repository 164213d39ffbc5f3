import type { AskedRecords } from '@storepulse/contracts/grafana/validate-records';
import { recordsCall } from './recordsCall';

const range = { from: 1, to: 2 };
const asked = (changes: Partial<AskedRecords> = {}): AskedRecords => ({
  ...{ type: 'records', shop: 'demo', kind: 'orders', filters: [], limit: 9 },
  ...changes,
});

const pathOf = (query: AskedRecords) => recordsCall(query, range)?.path;

test('records that have a time are those of the range; products have none', () => {
  expect(pathOf(asked({ sort: '-total' }))).toBe('orders?shop=demo&from=1&to=2&sort=-total&limit=9');
  expect(pathOf(asked({ kind: 'products' }))).toBe('products?shop=demo&limit=9');
});

test('filters are parameters, and where they exclude each other nothing is asked', () => {
  const by = (...values: string[]) => ({ dimension: 'sku', operator: 'in' as const, values });
  expect(pathOf(asked({ kind: 'products', filters: [by('A', 'B')] }))).toBe(
    'products?shop=demo&limit=9&sku=A&sku=B',
  );
  expect(pathOf(asked({ filters: [by('A'), by('B')] }))).toBeUndefined();
});

test('a search looks through records of the kind, whatever the range', () => {
  expect(pathOf(asked({ kind: 'products', search: 'blue mug' }))).toBe(
    'search?shop=demo&q=blue+mug&kinds=products&limit=9',
  );
});
