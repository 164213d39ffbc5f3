import { AskedQuery } from '@storepulse/contracts/query';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { aQuery } from '../testing/fixtures';
import { asked, by, not, outcome, remarks, resolve, type Variables } from '../testing/resolving';
import { ALL } from '../testing/services';
import type { StorepulseQuery } from '../types';

describe('variables', () => {
  test('stand for the shop, the metric, the split, the interval and the top N', () => {
    const query = aQuery({
      shop: '$shop',
      metric: '$metric',
      groupBy: '$by',
      interval: '$every',
      limit: '$top',
    });
    const variables = { shop: 'uk-retail', metric: 'orders', by: 'device', every: '1h', top: '5' };
    expect(outcome(query, variables)).toEqual({
      ...{ shop: 'uk-retail', metric: 'orders', groupBy: 'device', interval: '1h', limit: 5 },
    });
  });

  test('a multi-value variable in a filter stands for each of its values, commas and all', () => {
    const query = aQuery({ filters: [by('country', '$countries', 'Spain')] });
    expect(outcome(query, { countries: ['France', 'Korea, Republic of'] })).toEqual({
      ...asked,
      filters: [by('country', 'France', 'Korea, Republic of', 'Spain')],
    });
  });

  test.each([
    ['an empty variable', ''],
    ['a multi-value variable without a choice', []],
  ])(
    '%s never becomes a filter for an empty value: the filter is not applied, with a word',
    (_what, value) => {
      const query = aQuery({ filters: [by('country', '$x')] });
      expect(outcome(query, { x: value })).toEqual(asked);
      expect(remarks(query, { x: value })).toEqual([
        'The filter on country is not applied: $x has no value. Choose a value, or All.',
      ]);
    },
  );

  test('an empty variable beside a value adds nothing, and one that excludes excludes nothing', () => {
    expect(outcome(aQuery({ filters: [by('country', '$x', 'Spain')] }), { x: '' })).toEqual({
      ...asked,
      filters: [by('country', 'Spain')],
    });
    const excluding = aQuery({ filters: [not('country', '$x')] });
    expect([outcome(excluding, { x: [] }), remarks(excluding, { x: [] })]).toEqual([asked, []]);
  });

  test('an empty text as a value is no value either', () => {
    expect(remarks(aQuery({ filters: [by('country', '')] }))).toEqual([
      'The filter on country is not applied: its value is empty. Choose a value, or All.',
    ]);
  });

  test('All takes the filter away, without a word: it is never the list of what the menu holds', () => {
    const query = aQuery({ filters: [by('country', '$x', 'Spain')] });
    expect([outcome(query, { x: ALL }), remarks(query, { x: ALL })]).toEqual([asked, []]);
  });

  test('none of All is nothing: nothing is asked, and it is said', () => {
    const query = aQuery({ filters: [not('country', '$x')] });
    expect(outcome(query, { x: ALL })).toBe('nothing');
    expect(remarks(query, { x: ALL })).toEqual(['"country is none of $x" leaves nothing: it is All.']);
  });

  test('a variable that the dashboard lacks is told of, not searched for in silence', () => {
    expect(remarks(aQuery({ filters: [by('country', '$gone')] }))).toEqual([
      'There is no variable $gone here: it is taken as a value of country.',
    ]);
    expect(outcome(aQuery({ shop: '$gone' }))).toMatch(/^Shop is \$gone, and there is no such variable here/);
  });

  test('a dimension of a filter that is All or unknown applies to nothing, and says so', () => {
    const cases: Variables[] = [{}, { x: ALL }, { x: '' }];
    for (const variables of cases) {
      expect(remarks(aQuery({ filters: [by('$x', 'Spain')] }), variables)).toEqual([
        'A filter is not applied: $x names no dimension.',
      ]);
    }
  });

  test.each([
    ['groupBy', 'Group by'],
    ['shop', 'Shop'],
    ['interval', 'Interval'],
    ['limit', 'Top'],
  ] as const)('several values of %s are refused by name, never sent as {a,b}', (field, name) => {
    expect(outcome(aQuery({ [field]: '$x' }), { x: ['a', 'b'] })).toBe(
      `${name} takes one value, and $x has 2: a, b. Choose one.`,
    );
    expect(outcome(aQuery({ [field]: '$x' }), { x: ALL })).toBe(
      `${name} takes one value, and $x is All. Choose one.`,
    );
  });

  test('one value of a multi-value variable is one value', () => {
    expect(outcome(aQuery({ groupBy: '$x' }), { x: ['device'] })).toEqual({ ...asked, groupBy: 'device' });
  });

  test('without a value the split is unset, but another shop never stands in', () => {
    expect(outcome(aQuery({ groupBy: '$x' }), { x: '' })).toEqual(asked);
    expect(outcome(aQuery({ shop: '$x' }), { x: '' }, { defaultShop: 'demo' })).toBe(
      'Shop: $x has no value. Choose one on the dashboard.',
    );
  });

  test('a split by a variable that the metric is not kept by is left out, with a word', () => {
    const query = aQuery({ metric: 'customers', groupBy: '$by' });
    expect(outcome(query, { by: 'device' })).toEqual({ shop: 'demo', metric: 'customers' });
    expect(remarks(query, { by: 'device' })).toEqual(['Not split by device: Customers is not kept by it.']);
  });

  test('a split by a variable that a filter excludes is left out, with a word', () => {
    const query = aQuery({ groupBy: '$by', filters: [by('country', 'Spain')] });
    expect(outcome(query, { by: 'device' })).toEqual({ ...asked, filters: [by('country', 'Spain')] });
    expect(remarks(query, { by: 'device' })[0]).toMatch(
      /^Not split by device: the query is filtered by country/,
    );
    expect(outcome(query, { by: 'country' })).toMatchObject({ groupBy: 'country' });
  });

  test('of choices that exclude each other the first applies, the other with a word', () => {
    const query = aQuery({ filters: [by('country', '$country'), by('device', '$device')] });
    const both = { country: ['Spain'], device: ['mobile'] };
    expect(outcome(query, both)).toEqual({ ...asked, filters: [by('country', 'Spain')] });
    expect(remarks(query, both)).toEqual([
      'The choice of device is not applied: this query is filtered by country, and figures are kept by one dimension at a time.',
    ]);
    expect(outcome(query, { ...both, country: ALL })).toEqual({
      ...asked,
      filters: [by('device', 'mobile')],
    });
    expect(remarks(query, { country: ALL, device: ALL })).toEqual([]);
  });

  test('a choice gives way to the query’s own split and filters, and to what its metric is kept by', () => {
    const chosen = by('device', '$device');
    const device = ['mobile'];
    expect(outcome(aQuery({ groupBy: 'country', filters: [chosen] }), { device })).toEqual({
      ...asked,
      groupBy: 'country',
    });
    const filtered = aQuery({ filters: [chosen, by('country', 'Spain')] });
    expect(outcome(filtered, { device })).toEqual({ ...asked, filters: [by('country', 'Spain')] });
    expect(remarks(aQuery({ metric: 'customers', filters: [chosen] }), { device })).toEqual([
      'The choice of device is not applied: Customers is not kept by device.',
    ]);
  });

  test('filters of the query’s author stay, right or wrong', () => {
    const filters = [by('device', 'mobile'), by('country', 'Spain')];
    expect(outcome(aQuery({ filters }))).toEqual({ ...asked, filters });
  });
});

describe('what is asked', () => {
  test('is only what is set', () => {
    expect(outcome(aQuery())).toEqual(asked);
  });

  test('is of the default shop where the query names none', () => {
    expect(outcome(aQuery({ shop: undefined }), {}, { defaultShop: 'uk-retail' })).toMatchObject({
      shop: 'uk-retail',
    });
  });

  test('is compared with the earlier time that is chosen, or that a variable names', () => {
    const comparisonOf = (compareTo: string, variables = {}) => {
      const resolved = resolve(aQuery({ compareTo }), variables);
      return resolved.kind === 'ready' && 'compareTo' in resolved.asked && resolved.asked.compareTo;
    };
    expect(comparisonOf('previous_week')).toBe('previous_week');
    expect(comparisonOf('$a', { a: 'previous_year' })).toBe('previous_year');
    expect(comparisonOf('$a', { a: '' })).toBe(false);
  });

  test('is asked in the currency that is chosen, typed in small letters or named by a variable', () => {
    const currencyOf = (currency: string, variables = {}) => {
      const resolved = resolve(aQuery({ currency }), variables);
      return resolved.kind === 'ready' && 'currency' in resolved.asked && resolved.asked.currency;
    };
    expect([currencyOf('USD'), currencyOf('usd'), currencyOf('$a', { a: 'GBP' })]).toEqual([
      'USD',
      'USD',
      'GBP',
    ]);
    expect(currencyOf('$a', { a: '' })).toBe(false);
  });

  test('is added up in a time series alone', () => {
    const cumulative = true;
    expect(outcome(aQuery({ cumulative }))).toEqual({ ...asked, cumulative });
    expect(outcome(aQuery({ cumulative, format: 'table' }))).toEqual({ ...asked, format: 'table' });
  });

  test('has shares in a split table alone: beside lines they would stand on the axis of the values', () => {
    const share = true;
    const groupBy = 'country';
    expect(outcome(aQuery({ share, groupBy, format: 'table' }))).toMatchObject({ share });
    expect(outcome(aQuery({ share, format: 'table' }))).toEqual({ ...asked, format: 'table' });
    expect(outcome(aQuery({ share, groupBy }))).toEqual({ ...asked, groupBy });
  });

  test('has a top N only with a split', () => {
    expect(outcome(aQuery({ limit: 5 }))).toEqual(asked);
  });

  test('has no filter that is still being made', () => {
    expect(outcome(aQuery({ filters: [by(''), by('country')] }))).toEqual(asked);
  });

  test.each([
    ['30s', '1m', true],
    ['2h', '6h', true],
    ['60s', '1m', false],
    ['24h', '1d', false],
    ['1ms', '10s', true],
    ['45d', '3M', true],
    ['1y', '1y', false],
    ['2y', '1y', true],
  ])('an interval of %s is one of %s', (interval, expected, isTold) => {
    expect(outcome(aQuery({ interval }))).toEqual({ ...asked, interval: expected });
    expect(remarks(aQuery({ interval })).length).toBe(isTold ? 1 : 0);
  });

  test('$__interval is what fits the panel, without a word', () => {
    const query = aQuery({ interval: '$__interval' });
    expect([outcome(query, { __interval: '30s' }), remarks(query, { __interval: '30s' })]).toEqual([
      { ...asked, interval: '1m' },
      [],
    ]);
  });

  test.each([
    ['no metric', aQuery({ metric: undefined }), /^No metric is chosen/],
    ['no shop', aQuery({ shop: undefined }), /^No shop is chosen/],
    ['what is no shop', aQuery({ shop: 'Demo Shop' }), /"Demo Shop" is not the id of a shop/],
    ['what is no interval', aQuery({ interval: 'fortnight' }), /"fortnight" is no interval/],
    ['a duration of nothing', aQuery({ interval: '0s' }), /"0s" is no interval/],
    [
      'too many top values',
      aQuery({ groupBy: 'country', limit: 5_000 }),
      /^Top 5000 is not possible: .* 1 to 1000/,
    ],
    ['half a top value', aQuery({ groupBy: 'country', limit: 1.5 }), /^Top 1.5 is not possible/],
    ['an unknown earlier time', aQuery({ compareTo: 'last_month' }), /"last_month" is no earlier time/],
    [
      'a comparison of all time',
      aQuery({ interval: 'all', compareTo: 'previous_week' }),
      /All time has nothing before it/,
    ],
    ['an unknown currency', aQuery({ currency: 'Euro' }), /"Euro" is no currency\. Enter the three letters/],
    ['an unknown format', aQuery({ format: 'logs' as never }), /"logs" is no format/],
    [
      'an unknown operator',
      aQuery({ filters: [{ ...by('country', 'x'), operator: 'like' as never }] }),
      /operator "like"/,
    ],
    ['too long a value', aQuery({ filters: [by('country', 'x'.repeat(129))] }), /longer than 128/],
    ['too long a metric', aQuery({ metric: 'x'.repeat(81) }), /longer than 80/],
    [
      'too many filters',
      aQuery({ filters: Array.from({ length: 11 }, () => by('country', 'x')) }),
      /10 filters/,
    ],
    [
      'too many values',
      aQuery({ filters: [by('country', ...Array.from({ length: 501 }, (_, n) => `${n}`))] }),
      /501 values, and 500 are possible/,
    ],
  ])('%s is refused with what to choose', (_what, query, message) => {
    expect(outcome(query)).toMatch(message);
  });

  test('whatever is stored, a query fits the exporter’s schema or is refused with a reason', () => {
    const text = fc.oneof(
      fc.constantFrom('demo', 'net_sales', 'country', '$a', '$b', '[[c]]', '$gone', '1h', '30s', ''),
      fc.string({ maxLength: 200 }),
    );
    const value = fc.oneof(text, fc.array(text, { maxLength: 600 }), fc.constant(ALL));
    const stored = fc.record(
      {
        furtherMetrics: fc.array(text, { maxLength: 25 }),
        ...{ refId: text, shop: text, metric: text, groupBy: text, thenBy: text, interval: text },
        compareTo: fc.oneof(fc.constantFrom('previous_week', 'previous_year'), text),
        currency: fc.oneof(fc.constantFrom('EUR', ' usd'), text),
        limit: fc.oneof(text, fc.integer(), fc.double()),
        ...{ cumulative: fc.boolean(), share: fc.boolean() },
        format: fc.oneof(fc.constantFrom('table', 'time_series'), text),
        filters: fc.array(
          fc.record({
            dimension: text,
            operator: fc.oneof(fc.constantFrom('in', 'not_in'), text),
            values: fc.array(text),
          }),
          { maxLength: 12 },
        ),
        version: fc.integer({ min: 0, max: 2 }),
      },
      { requiredKeys: [] },
    );
    const adHocFilters = fc.array(
      fc.record({ key: text, operator: fc.constantFrom('=', '!=', '=|', '=~'), value: text }),
    );
    fc.assert(
      fc.property(
        stored,
        fc.record({ a: value, b: value, c: value }),
        adHocFilters,
        (query, variables, filters) => {
          const resolved = resolve(query as StorepulseQuery, variables, { adHocFilters: filters });
          if (resolved.kind === 'ready') {
            const sent = { refId: 'A', ...resolved.asked };
            expect([...Value.Errors(AskedQuery, sent)]).toEqual([]);
            const named = (sent.filters ?? []).flatMap(({ dimension, values }) => [dimension, ...values]);
            expect(named).not.toContain('');
          } else if (resolved.kind === 'refused') {
            expect(resolved.reason).toMatch(/\w/);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
