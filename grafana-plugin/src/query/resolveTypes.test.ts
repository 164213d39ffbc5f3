import { AnyQuery, CohortQuery, FunnelQuery } from '@storepulse/contracts/query';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { aCatalog, aCatalogWithLatency, aQuery } from '../testing/fixtures';
import { ALL, fakeTemplateSrv } from '../testing/services';
import type { StorepulseFilter, StorepulseQuery } from '../types';
import { readVariables } from './readVariables';
import { type ResolveContext, resolveQuery } from './resolveQuery';

type Variables = Record<string, string | string[]>;

const resolve = (query: StorepulseQuery, variables: Variables = {}, more: Partial<ResolveContext> = {}) =>
  resolveQuery(query, {
    readText: readVariables(fakeTemplateSrv(variables), {}),
    ...{ catalog: aCatalog(), defaultShop: undefined, ...more },
  });
/** What is asked, or why nothing is. */
const outcome = (...resolving: Parameters<typeof resolve>) => {
  const resolved = resolve(...resolving);
  return resolved.kind === 'ready'
    ? resolved.asked
    : resolved.kind === 'refused'
      ? resolved.reason
      : 'nothing';
};
const remarks = (...resolving: Parameters<typeof resolve>) =>
  resolve(...resolving).remarks.map(({ text }) => text);
const by = (dimension: string, ...values: string[]): StorepulseFilter => ({
  ...{ dimension, operator: 'in', values },
});
const funnel = (changes: Partial<StorepulseQuery> = {}) =>
  aQuery({ queryType: 'funnel', metric: undefined, steps: ['visited', 'ordered'], ...changes });
const cohort = (changes: Partial<StorepulseQuery> = {}) =>
  aQuery({ queryType: 'cohort', metric: undefined, ...changes });
const asked = { type: 'funnel', shop: 'demo', steps: ['visited', 'ordered'] };
const adHoc = (key: string, value: string, operator = '=') => ({ key, operator, value });

describe('a funnel', () => {
  test('is asked with what is set, and nothing of a metric', () => {
    const query = funnel({ open: true, groupBy: 'device', limit: 5, metric: '$gone', interval: 'fortnight' });
    expect(outcome(query)).toEqual({ ...asked, open: true, groupBy: 'device', limit: 5 });
    expect(outcome(funnel())).toEqual(asked);
  });

  test('takes its steps from variables: several values are several steps in their order, All is every step', () => {
    const query = funnel({ steps: ['visited', '$steps', 'ordered'] });
    expect(outcome(query, { steps: ['viewed', 'carted'] })).toMatchObject({
      steps: ['visited', 'viewed', 'carted', 'ordered'],
    });
    expect(outcome(funnel({ steps: ['$steps'], open: true }), { steps: ALL })).toMatchObject({
      steps: ['visited', 'searched', 'viewed', 'carted', 'checkout', 'ordered'],
    });
  });

  test('goes through a step once, however often a variable names it', () => {
    expect(outcome(funnel({ steps: ['visited', '$steps'] }), { steps: ['visited', 'ordered'] })).toEqual(
      asked,
    );
  });

  test('is asked of the other steps where a variable has no value, and says so where too few are left', () => {
    expect(outcome(funnel({ steps: ['visited', '$steps', 'ordered'] }), { steps: [] })).toEqual(asked);
    expect(outcome(funnel({ steps: ['$steps'] }), { steps: [] })).toBe(
      'Steps: $steps has no value. Choose some on the dashboard.',
    );
  });

  test('takes shop, split, top and filters from variables; All takes a filter away', () => {
    const query = funnel({
      ...{ shop: '$shop', groupBy: '$by', limit: '$top' },
      filters: [by('country', '$countries'), by('channel', '$all')],
    });
    const variables = { shop: 'uk-retail', by: 'device', top: '3', countries: ['FR', 'DE'], all: ALL };
    expect(outcome(query, variables)).toEqual({
      ...{ ...asked, shop: 'uk-retail', groupBy: 'device', limit: 3 },
      filters: [by('country', 'FR', 'DE')],
    });
  });

  test('may be split and filtered by several dimensions at once, since a visit has them all', () => {
    const query = funnel({ groupBy: 'device', filters: [by('country', 'FR')] });
    const adHocFilters = [adHoc('channel', 'email')];
    expect(outcome(query, {}, { adHocFilters })).toEqual({
      ...{ ...asked, groupBy: 'device' },
      filters: [by('country', 'FR'), by('channel', 'email')],
    });
    expect(remarks(query, {}, { adHocFilters })).toEqual([]);
  });

  test('an ad hoc filter that visits are not kept by is passed over with a word: the panel does not turn red', () => {
    const adHocFilters = [adHoc('sku', 'A1')];
    expect(outcome(funnel(), {}, { adHocFilters })).toEqual(asked);
    expect(remarks(funnel(), {}, { adHocFilters })).toEqual([
      'The filter on sku is not applied: Visits are not kept by sku.',
    ]);
  });

  test('a split that a variable names and visits lack is left out; one that its author wrote is an error', () => {
    expect(outcome(funnel({ groupBy: '$by' }), { by: 'sku' })).toEqual(asked);
    expect(remarks(funnel({ groupBy: '$by' }), { by: 'sku' })).toEqual([
      'Not split by sku: Visits are not kept by it.',
    ]);
    expect(outcome(funnel({ groupBy: 'sku' }))).toMatch(/^Visits are not kept by sku\. Group them by one of/);
  });

  test.each([
    ['no steps', funnel({ steps: undefined }), /at least two steps, and this one has none/],
    ['one step', funnel({ steps: ['visited'] }), /at least two steps, and this one has one/],
    ['what is no step', funnel({ steps: ['visited', 'payed'] }), /"payed" is no step of a visit/],
    ['too many groups', funnel({ groupBy: 'device', limit: 101 }), /^Top 101 is not possible: .* 1 to 100/],
    ['no shop', funnel({ shop: undefined }), /^No shop is chosen/],
    [
      'an unknown type',
      funnel({ queryType: 'tarot' }),
      /no query type "tarot".*metric, distribution, funnel, cohort, events, records/,
    ],
  ])('%s is refused with what to choose', (_what, query, message) => {
    expect(outcome(query)).toMatch(message);
  });
});

describe('cohorts', () => {
  test('are asked with months and filters by several dimensions, also from variables', () => {
    const query = cohort({
      months: '$months',
      share: true,
      filters: [by('country', '$country'), by('payment_method', 'card')],
    });
    expect(outcome(query, { months: '6', country: ['FR', 'DE'] })).toEqual({
      ...{ type: 'cohort', shop: 'demo', months: 6 },
      filters: [by('country', 'FR', 'DE'), by('payment_method', 'card')],
    });
    expect(outcome(query, { months: '', country: ALL })).toEqual({
      ...{ type: 'cohort', shop: 'demo' },
      filters: [by('payment_method', 'card')],
    });
  });

  test('none of All is nothing: nothing is asked, and it is said', () => {
    const query = cohort({ filters: [{ ...by('country', '$x'), operator: 'not_in' }] });
    expect(outcome(query, { x: ALL })).toBe('nothing');
  });

  test('more months than there are, and several values of months, are refused', () => {
    expect(outcome(cohort({ months: 121 }))).toMatch(/^Months 121 is not possible: .* 1 to 120/);
    expect(outcome(cohort({ months: '$n' }), { n: ['1', '2'] })).toBe(
      'Months takes one value, and $n has 2: 1, 2. Choose one.',
    );
  });
});

describe('a distribution', () => {
  const latency = (changes: Partial<StorepulseQuery> = {}) =>
    aQuery({ queryType: 'distribution', metric: 'latency', ...changes });
  const catalog = aCatalogWithLatency();

  test('is asked as a heat map, with nothing that a heat map has no place for', () => {
    const query = latency({
      groupBy: 'country',
      limit: 3,
      share: true,
      compareTo: 'nonsense',
      interval: '1h',
    });
    expect(
      outcome({ ...query, filters: [by('device', '$d')] }, { d: ['mobile', 'tablet'] }, { catalog }),
    ).toEqual({
      ...{ shop: 'demo', metric: 'latency', interval: '1h', format: 'heatmap' },
      filters: [by('device', 'mobile', 'tablet')],
    });
  });

  test('takes ad hoc filters on what its metric is kept by, and passes over others with a word', () => {
    const adHocFilters = [adHoc('country', 'FR')];
    expect(outcome(latency(), {}, { catalog, adHocFilters })).toEqual({
      ...{ shop: 'demo', metric: 'latency', format: 'heatmap' },
    });
    expect(remarks(latency(), {}, { catalog, adHocFilters })).toEqual([
      'The filter on country is not applied: Latency is not kept by country.',
    ]);
  });

  test('needs a metric', () => {
    expect(outcome(latency({ metric: undefined }))).toMatch(/^No metric is chosen/);
  });
});

describe('events', () => {
  const events = (changes: Partial<StorepulseQuery> = {}) =>
    aQuery({ queryType: 'events', metric: undefined, ...changes });

  test('are asked by several fields at once, from variables and ad hoc filters too', () => {
    const query = events({ filters: [by('type', '$types'), by('device', '$all')], limit: '$n' });
    const variables = { types: ['order_placed', 'payment_failed'], all: ALL, n: '50' };
    const adHocFilters = [adHoc('country', 'France', '!='), adHoc('category', 'Mugs')];
    expect(outcome(query, variables, { adHocFilters })).toEqual({
      ...{ type: 'events', shop: 'demo', limit: 50 },
      filters: [
        by('type', 'order_placed', 'payment_failed'),
        { ...by('country', 'France'), operator: 'not_in' },
      ],
    });
    expect(remarks(query, variables, { adHocFilters })).toEqual([
      'The filter on category is not applied: Events are not kept by category.',
    ]);
  });

  test('are the latest 500 where nothing else is asked', () => {
    expect(outcome(events())).toEqual({ type: 'events', shop: 'demo', filters: [], limit: 500 });
    expect(outcome(events({ limit: 5_001 }))).toMatch(/^First 5001 is not possible: .* 1 to 5000/);
    expect(outcome(events({ filters: [by('sku', 'x')] }))).toMatch(/^Events can’t be filtered by sku/);
  });
});

describe('records', () => {
  const records = (changes: Partial<StorepulseQuery> = {}) =>
    aQuery({ queryType: 'records', metric: undefined, ...changes });

  test('are listed by several fields at once and in an order, all of them from variables', () => {
    const query = records({ records: '$what', filters: [by('country', '$c'), by('sku', 'A')], sort: '$by' });
    const variables = { what: 'orders', c: ['FR', 'DE'], by: '-total' };
    expect(outcome(query, variables)).toEqual({
      ...{ type: 'records', shop: 'demo', kind: 'orders', limit: 500, sort: '-total' },
      filters: [by('country', 'FR', 'DE'), by('sku', 'A')],
    });
    expect(outcome(query, { ...variables, c: ALL, by: '' })).toEqual({
      ...{ type: 'records', shop: 'demo', kind: 'orders', limit: 500, filters: [by('sku', 'A')] },
    });
  });

  test('are searched by what a variable holds, and listed where it holds nothing', () => {
    const query = records({ records: 'products', search: '$q' });
    const found = { type: 'records', shop: 'demo', kind: 'products', filters: [] };
    expect(outcome(query, { q: 'blue mug' })).toEqual({ ...found, search: 'blue mug', limit: 20 });
    expect(outcome(query, { q: '' })).toEqual({ ...found, limit: 500 });
  });

  test('ad hoc filters that exclude, or meet a search, are passed over with a word', () => {
    const excluding = { adHocFilters: [adHoc('country', 'FR', '!='), adHoc('device', 'mobile')] };
    expect(outcome(records(), {}, excluding)).toMatchObject({ filters: [by('device', 'mobile')] });
    expect(remarks(records(), {}, excluding)).toEqual([
      'The filter on country is not applied: records are listed by what they are, not by what they are not.',
    ]);
    expect(remarks(records({ search: 'x' }), {}, { adHocFilters: [adHoc('country', 'FR')] })).toEqual([
      'The filter on country is not applied: Searched orders are not kept by country.',
    ]);
  });

  test.each([
    ['an unknown kind', records({ records: 'carts' }), /^There are no records "carts"/],
    ['an unknown field', records({ filters: [by('planet', 'x')] }), /orders can’t be filtered by planet/],
    ['what is not', records({ filters: [{ ...by('sku', 'x'), operator: 'not_in' }] }), /"is one of" for sku/],
    ['an unknown order', records({ sort: 'luck' }), /orders have no order "luck"/],
    ['too many', records({ limit: 5_001 }), /^First 5001 is not possible/],
    ['too many of a search', records({ search: 'x', limit: 21 }), /^First 21 .* 1 to 20/],
    ['a filtered search', records({ search: 'x', filters: [by('sku', 'x')] }), /A search takes no filters/],
    ['a long search', records({ search: 'x'.repeat(101) }), /longer than 100/],
  ])('%s is refused with what to choose', (_what, query, message) => {
    expect(outcome(query)).toMatch(message);
  });
});

test('whatever is stored, a query of any type fits the exporter’s schema or is refused with a reason', () => {
  const text = fc.oneof(
    fc.constantFrom('demo', 'visited', 'ordered', 'viewed', 'country', 'device', '$a', '$b', '3', ''),
    fc.string({ maxLength: 140 }),
  );
  const value = fc.oneof(text, fc.array(text, { maxLength: 8 }), fc.constant(ALL));
  const count = fc.oneof(text, fc.integer({ min: -1, max: 200 }), fc.double());
  const stored = fc.record(
    {
      queryType: fc.oneof(fc.constantFrom('funnel', 'cohort', 'distribution'), text),
      steps: fc.array(text, { maxLength: 8 }),
      ...{ shop: text, groupBy: text, metric: text, limit: count, months: count },
      ...{ open: fc.boolean(), share: fc.boolean() },
      filters: fc.array(
        fc.record({
          dimension: text,
          operator: fc.constantFrom('in' as const, 'not_in' as const),
          values: fc.array(text, { maxLength: 4 }),
        }),
        { maxLength: 12 },
      ),
    },
    { requiredKeys: ['queryType'] },
  );
  const adHocFilters = fc.array(
    fc.record({ key: text, operator: fc.constantFrom('=', '!=', '=|', '=~'), value: text }),
    { maxLength: 3 },
  );
  fc.assert(
    fc.property(stored, fc.record({ a: value, b: value }), adHocFilters, (query, variables, filters) => {
      const resolved = resolve(
        { refId: 'A', version: 1, ...query },
        variables,
        ...[{ adHocFilters: filters, defaultShop: 'demo' }],
      );
      if (
        resolved.kind === 'ready' &&
        resolved.asked.type !== 'events' &&
        resolved.asked.type !== 'records'
      ) {
        const sent = { refId: 'A', ...resolved.asked };
        const { type } = resolved.asked;
        const schema = type === 'funnel' ? FunnelQuery : type === 'cohort' ? CohortQuery : AnyQuery;
        expect([...Value.Errors(schema, sent)]).toEqual([]);
      } else if (resolved.kind === 'refused') {
        expect(resolved.reason).toMatch(/\w/);
      }
    }),
    { numRuns: 300 },
  );
});
