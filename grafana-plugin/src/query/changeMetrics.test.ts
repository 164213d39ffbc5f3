import type { CatalogMetric } from '../api/catalog';
import { aMetric, aQuery } from '../testing/fixtures';
import { changeMetrics } from './changeMetrics';

/** The query with one metric, or with several. */
const change = (query: ReturnType<typeof aQuery>, ...metrics: Array<CatalogMetric | string>) => {
  const named = metrics.map((metric) => (typeof metric === 'string' ? metric : metric.name));
  const known = metrics.filter((metric) => typeof metric !== 'string');
  return changeMetrics(query, named, (wanted) => known.find(({ name }) => name === wanted));
};
const onDevice = { dimension: 'device', operator: 'in' as const, values: ['mobile'] };
const unfinished = { dimension: '', operator: 'in' as const, values: [] };

test('what the new metric is not kept by is dropped', () => {
  const query = aQuery({ groupBy: 'device', filters: [onDevice, unfinished] });
  const changed = change(query, aMetric({ name: 'customers', dimensions: ['country'] }));
  expect(changed).toEqual(aQuery({ metric: 'customers', filters: [unfinished] }));
});

test('what both metrics are kept by stays, and so do variables', () => {
  const query = aQuery({ groupBy: '$by', filters: [onDevice] });
  expect(change(query, aMetric({ name: 'orders' }))).toEqual({ ...query, metric: 'orders' });
});

test('with a variable as the metric everything stays', () => {
  const query = aQuery({ groupBy: 'device', filters: [onDevice] });
  expect(change(query, '$metric')).toEqual({ ...query, metric: '$metric' });
});

test('the currency stays with money, and goes where it would only miss a rate', () => {
  const query = aQuery({ currency: 'USD' });
  expect(change(query, aMetric({ name: 'aov' }))).toEqual({ ...query, metric: 'aov' });
  expect(change(query, aMetric({ name: 'orders', unit: 'count' }))).toEqual(aQuery({ metric: 'orders' }));
});

test('several metrics keep what all of them have; the currency stays with the one that is money', () => {
  const query = aQuery({ groupBy: 'device', filters: [onDevice], currency: 'USD' });
  const orders = aMetric({ name: 'orders', unit: 'count' });
  const customers = aMetric({ name: 'customers', unit: 'count', dimensions: ['country'] });
  expect(change(query, aMetric(), orders)).toEqual({ ...query, furtherMetrics: ['orders'] });
  expect(change(query, aMetric(), orders, customers)).toEqual(
    aQuery({ furtherMetrics: ['orders', 'customers'], filters: [], currency: 'USD' }),
  );
  expect(change(query, orders, '$further')).toMatchObject({ groupBy: 'device', currency: 'USD' });
});

test('one metric again leaves no trace of the others', () => {
  const query = aQuery({ furtherMetrics: ['orders'] });
  expect(change(query, aMetric())).toEqual(aQuery());
});
