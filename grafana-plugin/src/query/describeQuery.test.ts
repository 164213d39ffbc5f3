import { aQuery } from '../testing/fixtures';
import { describeQuery } from './describeQuery';

test('a query is described in one line', () => {
  const filters = [{ dimension: 'device', operator: 'not_in' as const, values: ['mobile', 'tablet'] }];
  expect(describeQuery(aQuery({ groupBy: 'country', limit: 5, filters, interval: '1d' }))).toBe(
    'net_sales of demo by country (top 5) where device not in (mobile, tablet) every 1d',
  );
});

test('a lifetime value is named so', () => {
  expect(describeQuery(aQuery({ interval: 'all' }))).toBe('net_sales of demo over all time');
});

test('an empty query says what is missing', () => {
  expect(describeQuery({ refId: 'A' })).toBe('No metric chosen');
});
