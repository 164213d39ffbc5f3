import { aMetric, aQuery } from '../testing/fixtures';
import { changeMetric } from './changeMetric';

const onDevice = { dimension: 'device', operator: 'in' as const, values: ['mobile'] };

test('what the new metric is not kept by is dropped', () => {
  const query = aQuery({ groupBy: 'device', filters: [onDevice] });
  const changed = changeMetric(query, aMetric({ name: 'customers', dimensions: ['country'] }));
  expect(changed).toEqual(aQuery({ metric: 'customers', filters: [] }));
});

test('what both metrics are kept by stays, and so do variables', () => {
  const query = aQuery({ groupBy: '$by', filters: [onDevice] });
  expect(changeMetric(query, aMetric({ name: 'orders' }))).toEqual({ ...query, metric: 'orders' });
});
