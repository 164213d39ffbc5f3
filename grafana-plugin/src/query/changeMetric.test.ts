import { aMetric, aQuery } from '../testing/fixtures';
import { changeMetric } from './changeMetric';

const onDevice = { dimension: 'device', operator: 'in' as const, values: ['mobile'] };
const unfinished = { dimension: '', operator: 'in' as const, values: [] };

test('what the new metric is not kept by is dropped', () => {
  const query = aQuery({ groupBy: 'device', filters: [onDevice, unfinished] });
  const changed = changeMetric(query, 'customers', aMetric({ name: 'customers', dimensions: ['country'] }));
  expect(changed).toEqual(aQuery({ metric: 'customers', filters: [unfinished] }));
});

test('what both metrics are kept by stays, and so do variables', () => {
  const query = aQuery({ groupBy: '$by', filters: [onDevice] });
  expect(changeMetric(query, 'orders', aMetric({ name: 'orders' }))).toEqual({ ...query, metric: 'orders' });
});

test('with a variable as the metric everything stays', () => {
  const query = aQuery({ groupBy: 'device', filters: [onDevice] });
  expect(changeMetric(query, '$metric', undefined)).toEqual({ ...query, metric: '$metric' });
});

test('the currency stays with money, and goes where it would only miss a rate', () => {
  const query = aQuery({ currency: 'USD' });
  expect(changeMetric(query, 'aov', aMetric({ name: 'aov' }))).toEqual({ ...query, metric: 'aov' });
  expect(changeMetric(query, 'orders', aMetric({ name: 'orders', unit: 'count' }))).toEqual(
    aQuery({ metric: 'orders' }),
  );
});
