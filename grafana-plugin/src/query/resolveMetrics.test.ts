import { MAX } from '@storepulse/contracts/grafana/checks';
import { aQuery } from '../testing/fixtures';
import { adHoc, asked, by, outcome, remarks, resolve } from '../testing/resolving';
import { ALL } from '../testing/services';

const both = { ...asked, metric: ['net_sales', 'orders'] };

test('a query with further metrics asks for all of them at once', () => {
  expect(outcome(aQuery({ furtherMetrics: ['orders'] }))).toEqual(both);
});

test('a query of one metric is asked as before: by its name, not by a list of one', () => {
  expect(outcome(aQuery({ furtherMetrics: [] }))).toEqual(asked);
  expect(outcome(aQuery({ furtherMetrics: ['net_sales', ''] }))).toEqual(asked);
});

test('split metrics have the groups of the first, so that their rows can stand side by side', () => {
  expect(outcome(aQuery({ furtherMetrics: ['orders'], groupBy: 'device', limit: 5 }))).toEqual({
    ...{ ...both, groupBy: 'device', limit: 5, groupsOf: 'first' },
  });
});

test('a metric variable with several values is several metrics, each once', () => {
  const query = aQuery({ metric: '$metric', furtherMetrics: ['$more', 'customers'] });
  const variables = { metric: ['orders', 'net_sales'], more: ['net_sales', 'aov'] };
  expect(outcome(query, variables)).toEqual({
    ...{ shop: 'demo', metric: ['orders', 'net_sales', 'aov', 'customers'] },
  });
  expect(resolve(query, variables).query).toMatchObject({
    ...{ metric: 'orders', furtherMetrics: ['net_sales', 'aov', 'customers'] },
  });
});

test('a metric variable without a value adds none; where no metric is left that is said', () => {
  expect(outcome(aQuery({ metric: '$metric', furtherMetrics: ['orders'] }), { metric: [] })).toEqual({
    ...{ shop: 'demo', metric: 'orders' },
  });
  expect(outcome(aQuery({ metric: '$metric' }), { metric: [] })).toBe(
    'Metric: $metric has no value. Choose one on the dashboard.',
  );
});

test('a metric variable that is All, or that the dashboard lacks, is refused by name', () => {
  expect(outcome(aQuery({ furtherMetrics: ['$metric'] }), { metric: ALL })).toBe(
    'Metric: $metric is All, and a query takes some metrics. Choose them.',
  );
  expect(outcome(aQuery({ furtherMetrics: ['$gone'] }))).toBe(
    'Metric is $gone, and there is no such variable here. Choose another value.',
  );
});

test('a distribution is of one metric, whatever is left of others', () => {
  const query = aQuery({ queryType: 'distribution', metric: '$metric', furtherMetrics: ['orders'] });
  expect(outcome(query, { metric: 'latency' })).toMatchObject({ metric: 'latency', format: 'heatmap' });
  expect(outcome(query, { metric: ['latency', 'orders'] })).toBe(
    'Metric takes one value, and $metric has 2: latency, orders. Choose one.',
  );
});

test('as many metrics are asked as the exporter takes, and no more', () => {
  const query = (count: number) =>
    aQuery({ furtherMetrics: Array.from({ length: count - 1 }, (_, n) => `m${n}`) });
  expect(outcome(query(MAX.metrics))).toMatchObject({ shop: 'demo' });
  expect(outcome(query(MAX.metrics + 1))).toBe(
    'A query takes 20 metrics, and this one has 21. Remove some, or spread them over several queries.',
  );
});

describe('splits and filters are those that all metrics have', () => {
  const furtherMetrics = ['orders', 'customers'];

  test('a split by a variable that one of them is not kept by is left out, and the notice names it', () => {
    const query = aQuery({ furtherMetrics, groupBy: '$by' });
    expect(outcome(query, { by: 'country' })).toMatchObject({ groupBy: 'country' });
    expect(outcome(query, { by: 'device' })).not.toHaveProperty('groupBy');
    expect(remarks(query, { by: 'device' })).toEqual(['Not split by device: Customers is not kept by it.']);
  });

  test('an ad hoc filter applies where all of them have the dimension', () => {
    const query = aQuery({ furtherMetrics });
    const filtered = (key: string) => ({ adHocFilters: [adHoc(key, 'x')] });
    expect(outcome(query, {}, filtered('country'))).toMatchObject({ filters: [by('country', 'x')] });
    expect(remarks(query, {}, filtered('device'))).toEqual([
      'The filter on device is not applied: Customers is not kept by device.',
    ]);
    expect(outcome(aQuery({ furtherMetrics: ['orders'] }), {}, filtered('device'))).toMatchObject({
      filters: [by('device', 'x')],
    });
  });

  test('what several of them are not kept by is said of each', () => {
    const query = aQuery({ furtherMetrics });
    expect(remarks(query, {}, { adHocFilters: [adHoc('city', 'x')] })).toEqual([
      'The filter on city is not applied: Net sales, Orders and Customers are not kept by city.',
    ]);
  });

  test('a metric that the catalogue does not know is left to the exporter', () => {
    const query = aQuery({ furtherMetrics: ['new_one'] });
    expect(outcome(query, {}, { adHocFilters: [adHoc('city', 'x')] })).toMatchObject({
      filters: [by('city', 'x')],
    });
  });
});
