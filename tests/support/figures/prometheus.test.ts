import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExposition } from './prometheus.ts';

test('names, labels with their escapes, and values as written are read; comments are not', () => {
  const text = [
    '# HELP storepulse_orders_by_country_total Orders',
    '# TYPE storepulse_orders_by_country_total counter',
    'storepulse_orders_by_country_total{shop="uk",country="Côte \\"d\\\\Or\\""} 12',
    'storepulse_store_up 1',
    'storepulse_gross_sales_total{shop="uk"} 10666684.544',
    '',
  ].join('\n');
  assert.deepEqual(parseExposition(text), [
    {
      name: 'storepulse_orders_by_country_total',
      labels: { shop: 'uk', country: 'Côte "d\\Or"' },
      value: '12',
    },
    { name: 'storepulse_store_up', labels: {}, value: '1' },
    { name: 'storepulse_gross_sales_total', labels: { shop: 'uk' }, value: '10666684.544' },
  ]);
});
