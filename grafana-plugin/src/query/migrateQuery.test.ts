import { migrateQuery, QUERY_VERSION } from '@storepulse/contracts/grafana/migrate-query';
import { metricsOf, typeOf } from '@storepulse/contracts/grafana/query-types';
import type { StorepulseQuery } from '../types';

test('version 0, of release 0.1.0: empty texts, unfinished filters and a top of nothing go', () => {
  const stored: StorepulseQuery = {
    refId: 'A',
    shop: '',
    metric: 'orders',
    groupBy: '',
    interval: '' as never,
    limit: 0,
    format: 'table',
    exact: true,
    filters: [
      { dimension: '', operator: 'in', values: ['x'] },
      { dimension: 'country', operator: 'in', values: [] },
      { dimension: 'country', operator: 'not_in', values: ['$country'] },
    ],
  };
  expect(migrateQuery(stored)).toEqual({
    refId: 'A',
    version: 1,
    metric: 'orders',
    format: 'table',
    exact: true,
    filters: [{ dimension: 'country', operator: 'not_in', values: ['$country'] }],
  });
});

test('version 0 keeps what was set', () => {
  const stored: StorepulseQuery = {
    refId: 'A',
    shop: '$shop',
    metric: 'aov',
    groupBy: 'sku',
    interval: '1d',
    limit: 8,
  };
  expect(migrateQuery(stored)).toEqual({ ...stored, version: 1 });
});

test('version 1, today’s, stays as it is: a filter that is being made too', () => {
  const stored: StorepulseQuery = {
    refId: 'A',
    version: 1,
    metric: 'orders',
    filters: [{ dimension: '', operator: 'in', values: [] }],
  };
  expect(migrateQuery(stored)).toEqual(stored);
});

test.each([{}, { version: 1 }, { version: 1, queryType: '' }])(
  'a query saved before there were types (%j) is one of a metric, and stays as it is',
  (saved) => {
    const stored: StorepulseQuery = { refId: 'A', metric: 'orders', groupBy: 'country', limit: 3, ...saved };
    expect(typeOf(migrateQuery(stored))).toBe('metric');
    expect(migrateQuery(stored)).toEqual({ ...stored, version: 1 });
  },
);

test('a query saved before there were several metrics has one, and stays as it is; so do several', () => {
  const one: StorepulseQuery = { refId: 'A', version: 1, metric: 'orders', groupBy: 'country' };
  expect(migrateQuery(one)).toEqual(one);
  expect(metricsOf(one)).toEqual(['orders']);
  const several = { ...one, furtherMetrics: ['net_sales', '$metric'] };
  expect(migrateQuery(several)).toEqual(several);
  expect(metricsOf(several)).toEqual(['orders', 'net_sales', '$metric']);
});

test('a query of a later release is taken as it is', () => {
  const stored: StorepulseQuery = { refId: 'A', version: QUERY_VERSION + 1, metric: 'orders' };
  expect(migrateQuery(stored)).toEqual(stored);
});

test('migrating changes nothing that was stored, and twice is once', () => {
  const stored: StorepulseQuery = Object.freeze({ refId: 'A', metric: 'orders', filters: [] });
  expect(migrateQuery(migrateQuery(stored))).toEqual(migrateQuery(stored));
});
