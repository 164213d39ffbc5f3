import { createDataFrame, FieldType } from '@grafana/data';
import { aCatalog, aQuery } from '../testing/fixtures';
import { type HintContext, hintQuery } from './hintQuery';

const aSeries = (...values: Array<number | null>) =>
  createDataFrame({
    fields: [
      { name: 'time', type: FieldType.time, values: values.map((_, n) => n * 60_000) },
      { name: 'net_sales', type: FieldType.number, values },
    ],
  });
const hints = (query = aQuery(), changes: Partial<HintContext> = {}) =>
  hintQuery({
    query,
    meant: query,
    catalog: aCatalog(),
    frames: [aSeries(1, 2)],
    timeZone: 'utc',
    ...changes,
  });

test('a query that says all there is has no hints', () => {
  expect(hints()).toEqual([]);
});

test('a table of the whole shop could be split', () => {
  const query = aQuery({ format: 'table', hide: true });
  expect(hints(query, { frames: [] })).toEqual([
    {
      text: 'A table of the whole shop has one row.',
      fix: { label: 'Group by country', query: { ...query, groupBy: 'country' } },
    },
  ]);
});

test('money and counts in one panel have axes of their own, and a table has columns: that is told', () => {
  const query = aQuery({ furtherMetrics: ['orders', 'customers'] });
  expect(hints(query)).toEqual([
    {
      text: 'The metrics have several units, and each has an axis of its own in a graph: money (Net sales) and count (Orders and Customers).',
    },
  ]);
  expect(hints(aQuery({ metric: 'orders', furtherMetrics: ['customers'] }))).toEqual([]);
  const [hint] = hints({ ...query, format: 'table', groupBy: 'country' }, { frames: [] });
  expect(hint?.text).toMatch(/^The metrics have several units, and each column has its own/);
});

test('of several metrics a split is offered that all of them have', () => {
  const query = aQuery({ metric: 'customers', furtherMetrics: ['orders'], format: 'table' });
  expect(hints(query, { frames: [] })[0]?.fix?.query.groupBy).toBe('country');
});

test('several metrics without data are named', () => {
  const query = aQuery({ metric: 'orders', furtherMetrics: ['customers'] });
  expect(hints(query, { frames: [aSeries(null, null)] })[0]?.text).toBe(
    'Orders and Customers have no data in this range. Choose another range.',
  );
});

test('with a filter it is split by what is filtered, since figures are kept by one dimension at a time', () => {
  const filters = [{ dimension: 'device', operator: 'in' as const, values: ['mobile'] }];
  const [hint] = hints(aQuery({ format: 'table', filters }), { frames: [] });
  expect(hint?.fix).toMatchObject({ label: 'Group by device', query: { groupBy: 'device', filters } });
});

test('a variable in the query stays in what a hint offers', () => {
  const query = aQuery({ format: 'table', metric: '$metric' });
  const [hint] = hints(query, { meant: { ...query, metric: 'orders' }, frames: [] });
  expect(hint?.fix?.query).toMatchObject({ metric: '$metric', groupBy: 'country' });
});

test('where the data begins within the range, that is said', () => {
  expect(hints(aQuery(), { frames: [aSeries(null, null, 0, 5)] })).toEqual([
    { text: 'Net sales has no data before 1970-01-01 00:02:00.' },
  ]);
});

test('of several lines the earliest counts; dashed ones begin late and tell nothing', () => {
  expect(hints(aQuery(), { frames: [aSeries(1, 2), aSeries(null, 2)] })).toEqual([]);
});

test('a range without data says so', () => {
  expect(hints(aQuery(), { frames: [aSeries(null, null)] })).toEqual([
    { text: 'Net sales has no data in this range. Choose another range.' },
  ]);
});

test('without an answer nothing is said of it', () => {
  expect(hints(aQuery(), { frames: [] })).toEqual([]);
});
