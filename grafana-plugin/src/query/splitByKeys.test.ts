import { aCatalog, aQuery } from '../testing/fixtures';
import { splitByKeys } from './splitByKeys';

const catalog = aCatalog();

test('a query is split by the first of the dashboard’s groups that it can be split by, and the others are told', () => {
  expect(splitByKeys(aQuery({ metric: 'customers' }), ['device', 'country'], catalog)).toEqual({
    query: aQuery({ metric: 'customers', groupBy: 'country' }),
    remarks: ['Not grouped by device: Customers is not kept by device.'],
  });
  expect(splitByKeys(aQuery(), ['device', 'country'], catalog)).toEqual({
    query: aQuery({ groupBy: 'device' }),
    remarks: ['Not grouped by country: a query is grouped by one, here device.'],
  });
});

test('a split that the author of a panel has made stays', () => {
  const split = aQuery({ groupBy: 'country' });
  expect(splitByKeys(split, ['country'], catalog)).toEqual({ query: split, remarks: [] });
  expect(splitByKeys(split, ['device'], catalog)).toEqual({
    query: split,
    remarks: ['Not grouped by device: this query is split by country.'],
  });
});

test('a filter on another dimension keeps a query whole, with a word', () => {
  const filtered = aQuery({ filters: [{ dimension: 'country', operator: 'in', values: ['FR'] }] });
  const { query, remarks } = splitByKeys(filtered, ['device'], catalog);
  expect(query).toBe(filtered);
  expect(remarks).toEqual([
    'Not grouped by device: this query is filtered by country, and figures are kept by one dimension at a time.',
  ]);
});

test('lists, cohorts and heat maps are not grouped, and nothing is where no group is chosen', () => {
  for (const queryType of ['events', 'records', 'cohort', 'distribution']) {
    const query = aQuery({ queryType });
    expect(splitByKeys(query, ['country'], catalog)).toEqual({ query, remarks: [] });
  }
  expect(splitByKeys(aQuery(), [''], catalog)).toEqual({ query: aQuery(), remarks: [] });
});
