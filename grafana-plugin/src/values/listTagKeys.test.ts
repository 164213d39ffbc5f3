import { aCatalog, aQuery } from '../testing/fixtures';
import { listTagKeys } from './listTagKeys';

test('ad hoc filters offer the dimensions of the dashboard’s metrics', () => {
  expect(listTagKeys(aCatalog(), [aQuery({ metric: 'customers' })])).toEqual([
    { text: 'Country', value: 'country' },
  ]);
});

test('without a query they offer all dimensions', () => {
  expect(listTagKeys(aCatalog(), []).map(({ value }) => value)).toEqual(['country', 'device']);
});
