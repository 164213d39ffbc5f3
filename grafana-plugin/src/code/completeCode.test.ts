import { aCatalog, aCatalogWithLatency } from '../testing/fixtures';
import { type CompletionSources, completeCode } from './completeCode';
import { judgeNames } from './judgeNames';
import { parseCode } from './parseCode';

const sources = (): CompletionSources => ({
  catalog: aCatalogWithLatency(),
  variables: ['$country'],
  listValues: async (dimension, contains) =>
    dimension === 'country'
      ? ['France', 'Germany', 'Côte "d’Or"'].filter((value) => value.includes(contains))
      : [],
});
/** What is offered where `|` stands, and what it would replace. */
async function complete(marked: string) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const { from, to, items } = await completeCode(text, offset, sources());
  return { replaced: text.slice(from, to), labels: items.map(({ label }) => label), items };
}

const STEPS = ['visited', 'searched', 'viewed', 'carted', 'checkout', 'ordered', '$country'];

test.each([
  [
    '|',
    '',
    [
      'net_sales',
      'orders',
      'customers',
      'latency',
      'distribution',
      'funnel',
      'cohort',
      'events',
      'records',
      '$country',
    ],
  ],
  [
    'ord|',
    'ord',
    [
      'net_sales',
      'orders',
      'customers',
      'latency',
      'distribution',
      'funnel',
      'cohort',
      'events',
      'records',
      '$country',
    ],
  ],
  ['orders, |', '', ['net_sales', 'customers', 'latency', '$country']],
  ['orders, cus|', 'cus', ['net_sales', 'customers', 'latency', '$country']],
  ['orders, customers by |', '', ['country', '$country']],
  ['orders, net_sales by |', '', ['country', 'device', '$country']],
  [
    'orders |',
    '',
    ['of', 'by', 'where', 'every', 'vs', 'currency', 'top', 'cumulative', 'share', 'as', 'exact', 'live'],
  ],
  ['net_sales currency |', '', ['EUR', 'GBP', 'USD', 'JPY', 'CHF', 'CNY', 'AUD', 'CAD', '$country']],
  ['orders of |', '', ['demo', 'uk-retail', '$country']],
  ['orders of de|', 'de', ['demo', 'uk-retail', '$country']],
  ['orders by |', '', ['country', 'device', '$country']],
  ['customers by |', '', ['country', '$country']],
  [
    'orders by country |',
    '',
    ['of', 'where', 'every', 'vs', 'currency', 'top', 'cumulative', 'share', 'as', 'exact', 'live'],
  ],
  ['orders where |', '', ['country', 'device', '$country']],
  ['orders where country |', '', ['=', '!=', 'in', 'not in']],
  ['orders where country = |', '', ['France', 'Germany', 'Côte "d’Or"', '$country']],
  ['orders where country = "Ger|"', '"Ger"', ['Germany', '$country']],
  ['orders where country in |', '', ['(']],
  ['orders where country in (|', '', ['France', 'Germany', 'Côte "d’Or"', '$country']],
  ['orders where country in ("France", |)', '', ['France', 'Germany', 'Côte "d’Or"', '$country']],
  [
    'orders where country = "France" |',
    '',
    ['and', 'of', 'by', 'every', 'vs', 'currency', 'top', 'cumulative', 'share', 'as', 'exact', 'live'],
  ],
  [
    'orders where country in ("France") |',
    '',
    ['and', 'of', 'by', 'every', 'vs', 'currency', 'top', 'cumulative', 'share', 'as', 'exact', 'live'],
  ],
  ['orders where country = "France" and |', '', ['country', 'device', '$country']],
  ['orders as |', '', ['table', 'time_series']],
  ['orders vs |', '', ['previous_period', 'previous_week', 'previous_year', '$country']],
  ['orders top |', '', ['$country']],
  ['distribution |', '', ['latency', '$country']],
  ['distribution latency |', '', ['of', 'where', 'every']],
  ['distribution latency where |', '', ['device', '$country']],
  ['funnel |', '', ['(']],
  ['funnel (|', '', STEPS],
  ['funnel (visited, or|)', 'or', STEPS],
  ['funnel (visited, ordered) |', '', ['of', 'by', 'where', 'top', 'open']],
  ['funnel (visited, ordered) by |', '', ['country', 'device', '$country']],
  ['funnel (visited, ordered) where country = |', '', ['France', 'Germany', 'Côte "d’Or"', '$country']],
  ['cohort |', '', ['of', 'where', 'months', 'share']],
  ['cohort of demo where |', '', ['country', 'device', '$country']],
  ['cohort months |', '', ['$country']],
  ['events |', '', ['of', 'where', 'first', 'live']],
  ['records |', '', ['orders', 'customers', 'products', 'reviews', '$country']],
  ['records products |', '', ['of', 'search', 'where', 'sort', 'first']],
  ['records products where |', '', ['sku', 'category', 'supplier', '$country']],
  ['records reviews sort |', '', ['-eventTime', 'eventTime', '$country']],
  ['events where |', '', ['type', 'orderId', 'country', 'device', 'channel', '$country']],
  ['events where country = "Ger|"', '"Ger"', ['Germany', '$country']],
])('%s offers what may stand there', async (marked, replaced, labels) => {
  expect(await complete(marked)).toMatchObject({ replaced, labels });
});

test('types of events are a closed list', async () => {
  const { labels } = await complete('events where type in (|)');
  expect(labels).toEqual(expect.arrayContaining(['order_placed', 'payment_failed', 'review_submitted']));
});

test('values are those of the shop that the text names', async () => {
  const listValues = jest.fn(async () => []);
  const text = 'orders where country = ';
  await completeCode(`${text} of uk-retail`, text.length, { ...sources(), listValues });
  await completeCode(text, text.length, { ...sources(), listValues });
  expect(listValues.mock.calls).toEqual([
    ['country', '', 'uk-retail'],
    ['country', '', undefined],
  ]);
});

test('intervals are those of the exporter', async () => {
  expect((await complete('orders every |')).labels).toEqual(
    expect.arrayContaining(['1h', '1d', '1M', 'all']),
  );
});

test('a metric is offered with its title, unit and definition', async () => {
  expect((await complete('|')).items[0]).toEqual({
    label: 'net_sales',
    insert: 'net_sales',
    detail: 'Net sales · money',
    documentation: 'Gross sales − discounts − returns',
  });
});

test('a value is put in as it can be read again', async () => {
  const { items } = await complete('orders where country = |');
  expect(items.map(({ insert }) => insert)).toEqual([
    '"France"',
    '"Germany"',
    '"Côte \\"d’Or\\""',
    '$country',
  ]);
});

test('what is offered can be read, wherever it is put in', async () => {
  for (const marked of [
    '|',
    'funnel (|)',
    'funnel (visited) by |',
    'orders of |',
    'orders by |',
    'orders where country = |',
    'orders as |',
  ]) {
    for (const { insert } of (await complete(marked)).items) {
      expect(parseCode(marked.replace('|', insert)).kind).toBe('query');
    }
  }
});

const judged = (text: string) => {
  const parsed = parseCode(text);
  return parsed.kind === 'query' ? judgeNames(parsed.named, aCatalog()) : undefined;
};

test('names that the catalogue does not have are told with their places', () => {
  expect(judged('sales of dmeo by land where colour = red every often')).toEqual([
    { message: 'There is no metric sales.', from: 0, to: 5 },
    { message: 'There is no shop dmeo.', from: 9, to: 13 },
    { message: 'There is no dimension land.', from: 17, to: 21 },
    { message: 'There is no dimension colour.', from: 28, to: 34 },
    { message: 'often is no interval: write one such as 1h, 1d, 1M or all.', from: 47, to: 52 },
  ]);
});

test('what is no step of a visit is told with its place', () => {
  expect(judged('funnel (visited, payed, $step) by cohort')).toEqual([
    { message: expect.stringMatching(/^payed is no step: write visited, searched/), from: 17, to: 22 },
    { message: 'There is no dimension cohort.', from: 34, to: 40 },
  ]);
});

test('variables, and names that are there, are not told of', () => {
  expect(judged('net_sales of $shop by $by where device = red every $__interval')).toEqual([]);
});

test('without a catalogue no name is told of', () => {
  const parsed = parseCode('sales of dmeo');
  expect(parsed.kind === 'query' && judgeNames(parsed.named, undefined)).toEqual([]);
});
