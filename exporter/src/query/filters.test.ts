import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, type QueryFilter } from '@storepulse/contracts';
import fc from 'fast-check';
import { ask, numbers, table } from '../testing/ask.ts';
import { documentsOf } from '../testing/documents.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeShop } from '../testing/shops.ts';
import { readFilter } from './filters.ts';

const filter = (operator: QueryFilter['operator'], ...values: string[]) => ({
  ...{ dimension: 'country', operator, values },
});
const COUNTRIES = ['France', 'Finland', 'Spain', 'a.b', '$c', '%', 'other', 'unknown'];
const kept = (...filters: QueryFilter[]) =>
  COUNTRIES.filter((value) => filters.every((each) => readFilter(each).keeps(value)));

test('each operator keeps what it says', () => {
  assert.deepEqual(kept(filter('=', 'France')), ['France']);
  assert.deepEqual(kept(filter('in', 'France', '%')), ['France', '%']);
  assert.deepEqual(kept(filter('!=', 'France'), filter('not_in', 'other', 'unknown')), COUNTRIES.slice(1, 6));
  assert.deepEqual(kept(filter('=~', 'F.*')), ['France', 'Finland']);
  assert.deepEqual(kept(filter('=~', 'F')), []);
  assert.deepEqual(kept(filter('=~', '(?i)spain|\\$c')), ['Spain', '$c']);
  assert.deepEqual(kept(filter('!~', '.*n.*')), ['a.b', '$c', '%', 'other']);
  assert.deepEqual(kept(filter('exists')), COUNTRIES.slice(0, -1));
});

test('a filter with a number of values that its operator can’t have is refused', () => {
  for (const wrong of [
    filter('in'),
    filter('='),
    filter('!=', 'a', 'b'),
    filter('=~'),
    filter('exists', 'a'),
  ])
    assert.throws(() => readFilter(wrong), { code: 'invalid_request' }, JSON.stringify(wrong));
});

test('what is no pattern, and one that repeats too much, is refused by name', () => {
  assert.throws(() => readFilter(filter('=~', '(')), /"\(" is no pattern of RE2: .*missing closing/);
  assert.throws(() => readFilter(filter('!~', '((a{0,30}){0,30})')), /repeats too much/);
  assert.throws(() => readFilter(filter('=~', '(a)\\1')), /no pattern of RE2/);
});

test('a pattern that would take others for ever is matched in passing', () => {
  const { keeps } = readFilter(filter('=~', '(a+)+b'));
  assert.equal(keeps('a'.repeat(128)), false);
});

const BEGIN = Date.UTC(2026, 2, 27);
const range = { from: BEGIN, to: BEGIN + 86_400_000 };
const value = fc.constantFrom(...COUNTRIES);
const filters = fc.oneof(
  fc
    .tuple(fc.constantFrom('in' as const, 'not_in' as const), fc.uniqueArray(value, { minLength: 1 }))
    .map(([operator, values]) => filter(operator, ...values)),
  fc
    .tuple(fc.constantFrom('=' as const, '!=' as const), value)
    .map(([operator, each]) => filter(operator, each)),
  fc
    .tuple(
      fc.constantFrom('=~' as const, '!~' as const),
      fc.constantFrom('F.*', '.*n', '[a-f%].*', 'Spain', '.*'),
    )
    .map(([operator, each]) => filter(operator, each)),
  fc.constant(filter('exists')),
);
/** By JavaScript's own means. */
function keeps({ operator, values }: QueryFilter, country: string): boolean {
  const matches = () => new RegExp(`^(?:${values[0]})$`, 's').test(country);
  switch (operator) {
    case 'in':
    case '=':
      return values.includes(country);
    case 'not_in':
    case '!=':
      return !values.includes(country);
    case '=~':
      return matches();
    case '!~':
      return !matches();
    case 'exists':
      return country !== 'unknown';
  }
}

test('whatever filters keep adds up to what happened there, as a total and by group', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ country: value, gross: fc.integer({ min: 1, max: 1_000 }) }), { minLength: 1 }),
      fc.array(filters, { minLength: 1, maxLength: 3 }),
      async (sales, asked) => {
        const shop = makeShop({ scale: 0 });
        const happenings = sales.map(({ country, gross }, i) => ({
          ...{ time: BEGIN + i * 60_000, adds: { gross_sales: gross }, dimensions: { country } },
        }));
        const store = createMemoryStore({ shops: [shop], documents: documentsOf(catalog, shop, happenings) });
        const expected: Record<string, number> = {};
        for (const { country, gross } of sales)
          if (asked.every((each) => keeps(each, country)))
            expected[country] = (expected[country] ?? 0) + gross;
        const query = { format: 'table' as const, filters: asked };
        const options = { range, now: range.to };
        assert.deepEqual(table(await ask(store, { ...query, groupBy: 'country' }, options)), expected);
        const [total] = numbers(await ask(store, query, options));
        assert.equal(
          total,
          Object.values(expected).reduce((sum, gross) => sum + gross, 0),
        );
      },
    ),
    { numRuns: 60 },
  );
});
