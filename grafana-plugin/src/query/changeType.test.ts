import { aCatalog, aCatalogWithLatency, aQuery } from '../testing/fixtures';
import type { QueryType, StorepulseFilter, StorepulseQuery } from '../types';
import { changeType as change } from './changeType';

const changeType = (query: StorepulseQuery, type: QueryType) => change(query, type, aCatalog());
const by = (dimension: string): StorepulseFilter => ({ dimension, operator: 'in', values: ['x'] });

test('a metric becomes a funnel of the same shop, split and filters, with steps that answer at once', () => {
  const metric = aQuery({
    ...{ groupBy: 'device', filters: [by('device')], limit: 3, hide: true },
    ...{ interval: '1d', format: 'table', compareTo: 'previous_week', exact: true, cumulative: true },
  });
  expect(changeType(metric, 'funnel')).toEqual({
    ...{ version: 1, refId: 'A', hide: true, queryType: 'funnel', shop: 'demo' },
    steps: ['visited', 'viewed', 'carted', 'checkout', 'ordered'],
    ...{ groupBy: 'device', filters: [by('device')], limit: 3 },
  });
});

test('a split and filters that visits are not kept by do not go along, and variables do', () => {
  const metric = aQuery({ groupBy: 'sku', filters: [by('sku'), by('$by')] });
  const funnel = changeType(metric, 'funnel');
  expect([funnel.groupBy, funnel.filters]).toEqual([undefined, [by('$by')]]);
});

test('back to a metric, one dimension at a time stays', () => {
  const funnel: StorepulseQuery = changeType(aQuery(), 'funnel');
  const filtered = { ...funnel, filters: [by('country'), by('device'), by('country')] };
  expect(changeType(filtered, 'metric')).toEqual(
    aQuery({ metric: 'net_sales', filters: [by('country'), by('country')] }),
  );
  expect(changeType({ ...filtered, groupBy: 'device' }, 'metric')).toMatchObject({
    groupBy: 'device',
    filters: [by('device')],
  });
});

test('a distribution is of a metric of which every value is kept: another one gives its place', () => {
  const metric = aQuery({ groupBy: 'country', interval: '1h' });
  const distribution = change(metric, 'distribution', aCatalogWithLatency());
  const { shop } = metric;
  expect(distribution).toEqual({
    ...{ version: 1, refId: 'A', queryType: 'distribution', metric: 'latency', shop, interval: '1h' },
  });
  const variable = change(aQuery({ metric: '$metric' }), 'distribution', aCatalogWithLatency());
  expect(variable.metric).toBe('$metric');
  expect(change(aQuery({ metric: 'orders' }), 'distribution', aCatalog()).metric).toBe('orders');
});

test('a metric has no type, as before there were types', () => {
  expect(changeType(changeType(aQuery(), 'cohort'), 'metric')).toEqual(aQuery());
});
