import { aMetric, aQuery } from '../testing/fixtures';
import { applyAdHocFilters } from './applyAdHocFilters';

test.each([
  ['=', { value: 'France' }, { operator: 'in', values: ['France'] }],
  ['!=', { value: 'France' }, { operator: 'not_in', values: ['France'] }],
  ['=|', { value: 'France', values: ['France', 'Spain'] }, { operator: 'in', values: ['France', 'Spain'] }],
  [
    '!=|',
    { value: 'France', values: ['France', 'Spain'] },
    { operator: 'not_in', values: ['France', 'Spain'] },
  ],
])('a filter with %s narrows the query', (operator, values, expected) => {
  const { query, remarks } = applyAdHocFilters(
    aQuery(),
    [{ key: 'country', operator, ...values }],
    aMetric(),
  );
  expect(query.filters).toEqual([{ dimension: 'country', ...expected }]);
  expect(remarks).toEqual([]);
});

test('a filter on a dimension that the metric lacks leaves the panel as it is and says so', () => {
  const metric = aMetric({ title: 'Customers', dimensions: ['country'] });
  const { query, remarks } = applyAdHocFilters(
    aQuery(),
    [{ key: 'device', operator: '=', value: 'mobile' }],
    metric,
  );
  expect(query.filters).toEqual([]);
  expect(remarks).toEqual(['The filter on device is not applied: Customers is not kept by device.']);
});

test('an operator that the exporter does not know is not applied and says so', () => {
  const { query, remarks } = applyAdHocFilters(
    aQuery(),
    [{ key: 'country', operator: '=~', value: 'F.*' }],
    aMetric(),
  );
  expect(query.filters).toEqual([]);
  expect(remarks[0]).toMatch(/"country =~" is not applied/);
});

test('the query’s own filters stay', () => {
  const own = { dimension: 'country', operator: 'in' as const, values: ['Spain'] };
  const filters = [{ key: 'country', operator: '!=', value: 'France' }];
  expect(applyAdHocFilters(aQuery({ filters: [own] }), filters, aMetric()).query.filters).toHaveLength(2);
});
