import { aCatalog, aQuery } from '../testing/fixtures';
import { listGroupByKeys, listTagKeys } from './listTagKeys';

test('ad hoc filters offer the dimensions of the dashboard’s metrics', () => {
  expect(listTagKeys(aCatalog(), [aQuery({ metric: 'customers' })])).toEqual([
    { text: 'Country', value: 'country' },
  ]);
});

test('without a query they offer all dimensions', () => {
  expect(listTagKeys(aCatalog(), []).map(({ value }) => value)).toEqual(['country', 'device']);
});

test('those of a funnel are what visits are kept by, whatever its metric was', () => {
  const catalog = aCatalog();
  catalog.dimensions.push({ name: 'sku', title: 'Product', description: '' });
  const funnel = aQuery({ queryType: 'funnel', steps: ['visited', 'ordered'] });
  expect(listTagKeys(catalog, [funnel]).map(({ value }) => value)).toEqual(['country', 'device']);
});

test('a dashboard is grouped by what its queries can be split by, not by what its lists are filtered by', () => {
  const events = aQuery({ queryType: 'events' });
  expect(listGroupByKeys(aCatalog(), [events, aQuery({ metric: 'customers' })])).toEqual([
    { text: 'Country', value: 'country' },
  ]);
  expect(listGroupByKeys(aCatalog(), [events]).map(({ value }) => value)).toEqual(['country', 'device']);
});
