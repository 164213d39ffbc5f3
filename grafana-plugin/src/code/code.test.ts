import { ANY_CHARACTER } from '@storepulse/contracts/testing/any-character';
import fc from 'fast-check';
import { type CodeFault, parseCode } from './parseCode';
import { type CodeQuery, printCode } from './printCode';
import { KEYWORDS } from './tokens';

const read = (text: string): CodeQuery => {
  const parsed = parseCode(text);
  if (parsed.kind === 'fault') {
    throw new Error(`${parsed.fault.message} at ${parsed.fault.from}`);
  }
  return parsed.query;
};
const faultOf = (text: string): CodeFault | undefined => {
  const parsed = parseCode(text);
  return parsed.kind === 'fault' ? parsed.fault : undefined;
};

test('a query is read from its text', () => {
  expect(
    read('net_sales by country where device = "mobile" and channel in ("search","email") every 1h top 5'),
  ).toEqual({
    metric: 'net_sales',
    groupBy: 'country',
    filters: [
      { dimension: 'device', operator: 'in', values: ['mobile'] },
      { dimension: 'channel', operator: 'in', values: ['search', 'email'] },
    ],
    interval: '1h',
    limit: 5,
  });
});

test.each<[string, CodeQuery]>([
  ['orders', { metric: 'orders' }],
  ['net_sales, orders', { metric: 'net_sales', furtherMetrics: ['orders'] }],
  [
    '$metric, "by", funnel of demo by country top 3 as table',
    {
      ...{ metric: '$metric', furtherMetrics: ['by', 'funnel'], shop: 'demo', groupBy: 'country', limit: 3 },
      format: 'table',
    },
  ],
  ['orders every 10s live', { metric: 'orders', interval: '10s', live: true }],
  ['events of demo first 50 live', { queryType: 'events', shop: 'demo', limit: 50, live: true }],
  ['orders of demo exact', { metric: 'orders', shop: 'demo', exact: true }],
  ['orders every 1d cumulative', { metric: 'orders', interval: '1d', cumulative: true }],
  [
    'orders by country share as table',
    { metric: 'orders', groupBy: 'country', share: true, format: 'table' },
  ],
  ['orders every 1d as table', { metric: 'orders', interval: '1d', format: 'table' }],
  [
    'orders every 1d vs previous_year top 3',
    { metric: 'orders', interval: '1d', compareTo: 'previous_year', limit: 3 },
  ],
  ['net_sales of demo currency USD', { metric: 'net_sales', shop: 'demo', currency: 'USD' }],
  ['net_sales currency $money exact', { metric: 'net_sales', currency: '$money', exact: true }],
  [
    'orders where country != "France" and city not in ()',
    {
      metric: 'orders',
      filters: [
        { dimension: 'country', operator: 'not_in', values: ['France'] },
        { dimension: 'city', operator: 'not_in', values: [] },
      ],
    },
  ],
  [
    '$metric of $shop:raw by $by where device = $device and [[x]] in ($a, "b $c") every $__interval top $n',
    {
      metric: '$metric',
      shop: '$shop:raw',
      groupBy: '$by',
      filters: [
        { dimension: 'device', operator: 'in', values: ['$device'] },
        { dimension: '[[x]]', operator: 'in', values: ['$a', 'b $c'] },
      ],
      interval: '$__interval',
      limit: '$n',
    },
  ],
  [
    'orders by weekday, hour_of_day as table',
    { metric: 'orders', groupBy: 'weekday', thenBy: 'hour_of_day', format: 'table' },
  ],
  ['"top" of "by"', { metric: 'top', shop: 'by' }],
  ['"funnel" by cohort', { metric: 'funnel', groupBy: 'cohort' }],
  [
    'funnel (visited, $steps, ordered) of demo by device where country = "France" and channel != "email" top 5 open',
    {
      queryType: 'funnel',
      steps: ['visited', '$steps', 'ordered'],
      shop: 'demo',
      groupBy: 'device',
      filters: [
        { dimension: 'country', operator: 'in', values: ['France'] },
        { dimension: 'channel', operator: 'not_in', values: ['email'] },
      ],
      limit: 5,
      open: true,
    },
  ],
  [
    'distribution latency of demo where device = "mobile" every 1h',
    {
      queryType: 'distribution',
      metric: 'latency',
      shop: 'demo',
      filters: [{ dimension: 'device', operator: 'in', values: ['mobile'] }],
      interval: '1h',
    },
  ],
  ['distribution', { queryType: 'distribution' }],
  ['funnel ()', { queryType: 'funnel', steps: [] }],
  ['funnel', { queryType: 'funnel' }],
  [
    'cohort of demo where country = "France" months 6 share',
    {
      queryType: 'cohort',
      shop: 'demo',
      filters: [{ dimension: 'country', operator: 'in', values: ['France'] }],
      months: 6,
      share: true,
    },
  ],
  ['cohort months $n', { queryType: 'cohort', months: '$n' }],
  [
    'records orders of demo where country = "France" sort -total first 20',
    {
      queryType: 'records',
      records: 'orders',
      shop: 'demo',
      filters: [{ dimension: 'country', operator: 'in', values: ['France'] }],
      sort: '-total',
      limit: 20,
    },
  ],
  ['records products search "blue mug"', { queryType: 'records', records: 'products', search: 'blue mug' }],
  ['records', { queryType: 'records' }],
  [
    'events of demo where type in ("order_placed", $type) and orderId = "o-1" first 50',
    {
      queryType: 'events',
      shop: 'demo',
      filters: [
        { dimension: 'type', operator: 'in', values: ['order_placed', '$type'] },
        { dimension: 'orderId', operator: 'in', values: ['o-1'] },
      ],
      limit: 50,
    },
  ],
])('%s', (text, query) => {
  expect(printCode(query)).toBe(text);
  expect(read(text)).toEqual(query);
});

test('clauses stand in any order, words in any case, over any lines', () => {
  expect(read('orders TOP 3\n  Where country =\tFrance\n by country')).toEqual({
    metric: 'orders',
    limit: 3,
    filters: [{ dimension: 'country', operator: 'in', values: ['France'] }],
    groupBy: 'country',
  });
});

test.each([
  ['orders by', 9, 'The dimension is missing: the text ends here.'],
  [
    'orders by top 5',
    10,
    'The dimension is missing: there is top in its place. As a name it is written "top".',
  ],
  ['orders by country by device', 18, '"by" is there twice. Remove one.'],
  [
    'orders country',
    7,
    'country can’t stand here. A clause begins with of, by, where, every, vs, currency, top, cumulative, share, as, exact or live.',
  ],
  ['orders where country', 20, 'A filter goes on with =, !=, in or not in.'],
  ['orders where country in France', 24, 'Values stand in parentheses: in ("a", "b").'],
  [
    'orders where country in ("a" "b")',
    29,
    'Values are parted by commas, and end with a parenthesis: in ("a", "b").',
  ],
  ['orders where country in (', 25, 'The value is missing: the text ends here.'],
  ['orders where country = = a', 23, 'The value is missing: there is = in its place.'],
  ['orders where country = "a', 23, expect.stringMatching(/^This quoted text has no end/)],
  ['orders as graph', 10, 'graph is no format. Write table or time_series.'],
  [
    'orders, by country',
    8,
    'The next metric is missing: there is by in its place. As a name it is written "by".',
  ],
  ['orders,', 7, 'The next metric is missing: the text ends here.'],
  ['distribution latency, orders', 20, expect.stringMatching(/^, can’t stand here/)],
  ['= 5', 0, 'The metric is missing: there is = in its place.'],
  [
    'funnel (visited, ordered) every 1h',
    26,
    'every can’t stand here. A clause begins with of, by, where, top or open.',
  ],
  ['funnel (visited) by device, weekday', 26, expect.stringMatching(/^, can’t stand here/)],
  ['cohort by country', 7, 'by can’t stand here. A clause begins with of, where, months or share.'],
  ['funnel (visited, by)', 17, expect.stringMatching(/^The step is missing: there is by in its place/)],
  ['orders open', 7, expect.stringMatching(/^open can’t stand here/)],
])('the fault in %s is told with its place', (text, from, message) => {
  expect(faultOf(text)).toMatchObject({ from, message });
});

/** Any text, and those that could be taken for something else. */
const text = fc.oneof(
  fc.string({ unit: ANY_CHARACTER, maxLength: 8 }),
  fc.constantFrom(
    ...KEYWORDS,
    'BY',
    'Funnel',
    'cohort',
    '$x',
    `\${x:csv}`,
    '12',
    '1e3',
    '"',
    '\\',
    'a\nb',
    '(',
    '!=',
    'Geschäft',
  ),
);
const name = text.filter((value) => value !== '');

const filters = fc.array(
  fc.record({
    dimension: text,
    operator: fc.constantFrom('in' as const, 'not_in' as const),
    values: fc.array(text, { maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 3 },
);
const count = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
  text,
);
const on = fc.constant(true);

const query: fc.Arbitrary<CodeQuery> = fc.oneof(
  fc.record(
    {
      ...{ metric: name, shop: text, groupBy: text, filters, compareTo: text, currency: text, limit: count },
      interval: text.filter((value) => value !== 'auto'),
      format: fc.constant('table' as const),
      ...{ cumulative: on, share: on, exact: on, live: on },
    },
    { requiredKeys: [] },
  ),
  fc.uniqueArray(name, { minLength: 2, maxLength: 4 }).map(([metric, ...furtherMetrics]) => ({
    ...{ metric: metric!, furtherMetrics },
    format: 'table' as const,
  })),
  fc.record(
    {
      queryType: fc.constant('distribution' as const),
      ...{ metric: text, shop: text, filters, interval: text.filter((value) => value !== 'auto') },
    },
    { requiredKeys: ['queryType'] },
  ),
  fc.record(
    {
      queryType: fc.constant('funnel' as const),
      steps: fc.array(text, { maxLength: 4 }),
      ...{ shop: text, groupBy: text, filters, limit: count, open: on },
    },
    { requiredKeys: ['queryType'] },
  ),
  fc.record(
    { queryType: fc.constant('cohort' as const), shop: text, filters, months: count, share: on },
    { requiredKeys: ['queryType'] },
  ),
  fc.record(
    {
      queryType: fc.constant('records' as const),
      ...{ records: text, shop: text, search: text, filters, sort: text, limit: count },
    },
    { requiredKeys: ['queryType'] },
  ),
  fc.record(
    { queryType: fc.constant('events' as const), shop: text, filters, limit: count, live: on },
    { requiredKeys: ['queryType'] },
  ),
);

test('every query is read back from its text as it was', () => {
  fc.assert(fc.property(query, (original) => expect(read(printCode(original))).toEqual(original)));
});

test('whatever is typed is read as a query that is printed the same again, or has a fault in it', () => {
  const pieces = fc.array(
    fc.oneof(text, fc.constantFrom('orders', 'funnel', ' ', '=', 'in', '(', ',', ')')),
    {
      maxLength: 12,
    },
  );
  fc.assert(
    fc.property(pieces, (typed) => {
      const code = typed.join(' ');
      const parsed = parseCode(code);
      if (parsed.kind === 'query') {
        const printed = printCode(parsed.query);
        expect(printCode(read(printed))).toBe(printed);
      } else {
        expect(parsed.fault.from).toBeGreaterThanOrEqual(0);
        expect(parsed.fault.to).toBeLessThanOrEqual(code.length);
        expect(parsed.fault.to).toBeGreaterThanOrEqual(parsed.fault.from);
      }
    }),
  );
});
