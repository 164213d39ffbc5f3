import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, type MetricQuery } from '@storepulse/contracts';
import { ExporterError } from '../errors.ts';
import { resolveQuery } from './resolve.ts';

const query = (fields: Partial<MetricQuery>): MetricQuery => ({
  refId: 'A',
  shop: 's',
  metric: 'orders',
  ...fields,
});
const rejects = (fields: Partial<MetricQuery>, code: string, words: RegExp) =>
  assert.throws(
    () => resolveQuery(catalog, query(fields)),
    (error) => error instanceof ExporterError && error.code === code && words.test(error.message),
  );
const filter = (dimension: string, operator: 'in' | 'not_in', ...values: string[]) => ({
  dimension,
  operator,
  values,
});

test('a metric that does not exist is refused, saying where they are listed', () => {
  rejects({ metric: 'profit' }, 'unknown_metric', /"profit".*\/api\/v1\/catalog/);
});

test('a dimension that does not exist is refused, naming those that do', () => {
  rejects({ groupBy: 'planet' }, 'unknown_dimension', /"planet".*country/);
  rejects({ filters: [filter('$where', 'in', 'x')] }, 'unknown_dimension', /"\$where"/);
});

test('a dimension that the metric is not kept by is refused, naming those that it is kept by', () => {
  rejects({ groupBy: 'sku' }, 'dimension_not_of_metric', /orders .* sku, only by country, device, channel/);
  rejects({ metric: 'active_sessions', groupBy: 'country' }, 'dimension_not_of_metric', /total only/);
});

test('a metric computed from others is refused by a dimension that only some of them have', () => {
  rejects({ metric: 'net_after_adjustments', groupBy: 'sku' }, 'dimension_not_of_metric', /only by country/);
});

test('filters that need two dimensions at once are refused', () => {
  const country = filter('country', 'in', 'France');
  rejects(
    { groupBy: 'device', filters: [country] },
    'unsupported_filter',
    /device and country.*only by device/,
  );
  rejects(
    { filters: [country, filter('device', 'in', 'mobile')] },
    'unsupported_filter',
    /country and device/,
  );
});

test('without a group the total is read, and with a filter alone the filter’s dimension', () => {
  assert.equal(resolveQuery(catalog, query({})).dimension, undefined);
  const { dimension, groupOf } = resolveQuery(
    catalog,
    query({ filters: [filter('country', 'in', 'France')] }),
  );
  assert.equal(dimension?.name, 'country');
  assert.equal(groupOf('France', ''), 'all');
  assert.equal(groupOf('Spain', ''), undefined);
});

test('several filters on one dimension all apply', () => {
  const { groupOf } = resolveQuery(
    catalog,
    query({
      groupBy: 'country',
      filters: [filter('country', 'in', 'France', 'Spain'), filter('country', 'not_in', 'Spain')],
    }),
  );
  const groups = ['France', 'Spain', 'Italy'].map((value) => groupOf(value, ''));
  assert.deepEqual(groups, ['France', undefined, undefined]);
});
