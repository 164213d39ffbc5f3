import { aCatalog, aQuery } from '../testing/fixtures';
import { describeQuery } from './describeQuery';

const filters = [{ dimension: 'device', operator: 'not_in' as const, values: ['mobile', 'tablet'] }];

test('a query is described in one line, by titles', () => {
  expect(describeQuery(aQuery({ groupBy: 'device', limit: 5, filters, interval: '1d' }), aCatalog())).toBe(
    'Net sales of Demo shop by device, top 5, device is not mobile or tablet, per day',
  );
});

test('several metrics are told by their titles', () => {
  const query = aQuery({ furtherMetrics: ['orders', 'customers'], groupBy: 'country' });
  expect(describeQuery(query, aCatalog())).toBe('Net sales, Orders and Customers of Demo shop by country');
  expect(describeQuery(aQuery({ furtherMetrics: ['orders'] }), undefined)).toBe(
    'net_sales and orders of demo',
  );
});

test('without a catalogue it is described by names', () => {
  expect(describeQuery(aQuery({ groupBy: 'device', interval: '1h' }), undefined)).toBe(
    'net_sales of demo by device, per 1h',
  );
});

test('variables stay as they are written', () => {
  expect(describeQuery(aQuery({ shop: '$shop', groupBy: '$by', limit: '$n' }), aCatalog())).toBe(
    'Net sales of $shop by $by, top $n',
  );
});

test('a lifetime value, and a table, are named so', () => {
  expect(describeQuery(aQuery({ interval: 'all' }), aCatalog())).toBe(
    'Net sales of Demo shop, over all time',
  );
  expect(describeQuery(aQuery({ interval: '1d', format: 'table' }), aCatalog())).toBe(
    'Net sales of Demo shop, as a table',
  );
});

test('running totals and shares are told where they are shown', () => {
  expect(describeQuery(aQuery({ interval: '1d', cumulative: true, share: true }), aCatalog())).toBe(
    'Net sales of Demo shop, per day, added up from the first bucket',
  );
  const table = aQuery({ groupBy: 'device', format: 'table', cumulative: true, share: true });
  expect(describeQuery(table, aCatalog())).toBe(
    'Net sales of Demo shop by device, as a table, with shares of the total',
  );
});

test('another currency is named', () => {
  expect(describeQuery(aQuery({ currency: 'USD' }), aCatalog())).toBe('Net sales of Demo shop, in USD');
});

test('a comparison names the earlier time', () => {
  expect(describeQuery(aQuery({ interval: '1M', compareTo: 'previous_year' }), aCatalog())).toBe(
    'Net sales of Demo shop, per month, compared with a year before',
  );
  expect(describeQuery(aQuery({ compareTo: '$earlier' }), aCatalog())).toBe(
    'Net sales of Demo shop, compared with $earlier',
  );
});

test('a funnel, cohorts and events are described by what they ask', () => {
  const steps = ['visited', 'ordered'];
  const funnel = aQuery({ queryType: 'funnel', metric: undefined, steps, groupBy: 'device', open: true });
  expect(describeQuery(funnel, aCatalog())).toBe(
    'Funnel visited → ordered of Demo shop by device, each step by itself',
  );
  const cohort = aQuery({ queryType: 'cohort', metric: undefined, months: 6, share: true });
  expect(describeQuery(cohort, aCatalog())).toBe(
    'Cohorts of Demo shop, over 6 months, as shares of their customers',
  );
  const distribution = aQuery({ queryType: 'distribution', interval: '1h' });
  expect(describeQuery(distribution, aCatalog())).toBe('Distribution of net sales of Demo shop, per 1h');
  const events = aQuery({ queryType: 'events', metric: undefined, filters, limit: 50 });
  expect(describeQuery(events, aCatalog())).toBe(
    'Events of Demo shop, device is not mobile or tablet, latest 50',
  );
  expect(describeQuery(aQuery({ interval: '10s', live: true }), aCatalog())).toBe(
    'Net sales of Demo shop, per 10s, live',
  );
  const records = aQuery({ queryType: 'records', records: 'products', search: 'mug', limit: 5 });
  expect(describeQuery(records, aCatalog())).toBe('Products found by "mug" of Demo shop, first 5');
  expect(describeQuery(aQuery({ queryType: 'tarot' }), aCatalog())).toBe(
    'Unknown query type tarot of Demo shop',
  );
});

test('an empty query says what is missing', () => {
  expect(describeQuery({ refId: 'A' }, undefined)).toBe('No metric chosen');
});
