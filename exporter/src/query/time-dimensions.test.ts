import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, timeDimensions } from '@storepulse/contracts';
import { ask, numbers, table } from '../testing/ask.ts';
import { documentsOf } from '../testing/documents.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeShop } from '../testing/shops.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A Thursday. */
const BEGIN = Date.UTC(2026, 0, 1);
const WEEK = { from: BEGIN, to: BEGIN + 7 * DAY };
const weekdays = timeDimensions.get('weekday')!.domain.values;

const order = (time: number, country = 'France') => ({
  ...{ time, adds: { orders: 1, gross_sales: 1_000, discounts: 100 } },
  dimensions: { country },
});
const items = [
  order(BEGIN + 9 * HOUR),
  order(BEGIN + 9 * HOUR + 60_000, 'Spain'),
  order(BEGIN + 3 * DAY + 14 * HOUR),
];
const storeOf = (fields: Parameters<typeof makeShop>[0] = {}, sold = items) => {
  const shop = makeShop({ timeZone: 'UTC', scale: 0, ...fields });
  return createMemoryStore({ shops: [shop], documents: documentsOf(catalog, shop, sold) });
};
const orders = { metric: 'orders', format: 'table' } as const;
const week = { range: WEEK, now: WEEK.to };

test('weekdays come Monday first and hours from 0 to 23, with zeros where nothing happened', async () => {
  const byDay = await ask(storeOf(), { ...orders, groupBy: 'weekday' }, week);
  assert.deepEqual(Object.keys(table(byDay)), weekdays);
  assert.deepEqual(numbers(byDay), [0, 0, 0, 2, 0, 0, 1]);
  assert.equal(byDay.meta.resolution, '1d');
  const byHour = await ask(storeOf(), { ...orders, groupBy: ['hour_of_day'] }, week);
  assert.deepEqual(byHour.frames[0]!.fields[0]!.values, [...Array(24).keys()].map(String));
  assert.deepEqual(
    numbers(byHour),
    [...Array(24).keys()].map((hour) => ({ 9: 2, 14: 1 })[hour] ?? 0),
  );
  assert.equal(byHour.meta.resolution, '1h');
});

test('weekdays by hours are a full table of 168 rows, a column for each', async () => {
  const both = await ask(storeOf(), { ...orders, groupBy: ['weekday', 'hour_of_day'] }, week);
  const [days, hours, sold] = both.frames[0]!.fields;
  assert.deepEqual([days!.name, hours!.name, sold!.name], ['weekday', 'hour_of_day', 'orders']);
  assert.equal(sold!.values.length, 168);
  const at = days!.values.findIndex((day, i) => day === 'Thursday' && hours!.values[i] === '9');
  assert.equal(at, 3 * 24 + 9);
  assert.equal(sold!.values[at], 2);
});

test('a weekday that the range does not have is unknown, not zero', async () => {
  const range = { from: BEGIN, to: BEGIN + 2 * DAY };
  const byDay = await ask(storeOf(), { ...orders, groupBy: 'weekday' }, { range, now: WEEK.to });
  assert.deepEqual(numbers(byDay), [null, null, null, 2, 0, null, null]);
});

test('a filter on weekday and hour leaves the other times out of rows, sums and buckets', async () => {
  const filters = [
    { dimension: 'weekday', operator: 'in' as const, values: ['Thursday', 'Friday'] },
    { dimension: 'hour_of_day', operator: '=~' as const, values: ['9|10'] },
  ];
  const byDay = await ask(storeOf(), { ...orders, groupBy: 'weekday', filters }, week);
  assert.deepEqual(table(byDay), { Thursday: 2, Friday: 0 });
  const series = await ask(storeOf(), { metric: 'orders', interval: '1d', filters }, week);
  assert.deepEqual(numbers(series), [2, 0, null, null, null, null, null]);
  const revenue = await ask(storeOf(), { metric: 'aov', format: 'table', filters }, week);
  assert.deepEqual(numbers(revenue), [900]);
});

test('they go with one more dimension: countries by weekday, greatest country first', async () => {
  const more = [...items, order(BEGIN + DAY, 'Spain'), order(BEGIN + DAY, 'Spain')];
  const split = { ...orders, groupBy: ['country', 'weekday'] };
  const [countries, days, sold] = (await ask(storeOf({}, more), split, week)).frames[0]!.fields;
  assert.deepEqual(
    countries!.values.map((country, i) => [country, days!.values[i], sold!.values[i]]),
    [
      ['Spain', 'Thursday', 1],
      ['Spain', 'Friday', 2],
      ['France', 'Thursday', 1],
      ['France', 'Sunday', 1],
    ],
  );
  const filters = [{ dimension: 'country', operator: '=' as const, values: ['Spain'] }];
  const filtered = await ask(storeOf({}, more), { ...orders, groupBy: 'weekday', filters }, week);
  assert.deepEqual(numbers(filtered), [0, 0, 0, 1, 2, 0, 0]);
});

test('a time series has a line for each, whose labels tell which', async () => {
  const split = { metric: 'orders', interval: '1d', groupBy: ['country', 'weekday'] } as const;
  const series = await ask(storeOf(), { ...split, groupBy: [...split.groupBy] }, week);
  const [, first] = series.frames[0]!.fields;
  assert.deepEqual(first!.labels, { country: 'France', weekday: 'Thursday' });
  assert.equal(first!.config.displayName, 'France · Thursday');
  assert.deepEqual(first!.values, [1, null, null, null, null, null, null]);
});

test('the greatest are kept by a limit, in the order of time, and the rest is other', async () => {
  const top = await ask(storeOf(), { ...orders, groupBy: 'weekday', limit: 1 }, week);
  assert.deepEqual(table(top), { Thursday: 2, other: 1 });
});

test('shares and comparisons are told of them as of any dimension', async () => {
  const shared = await ask(storeOf(), { ...orders, groupBy: 'weekday', share: true }, week);
  assert.equal(shared.frames[0]!.fields[2]!.values[3], 2 / 3);
  const before = [...items, order(BEGIN - 7 * DAY + HOUR)];
  const compareTo = 'previous_week' as const;
  const compared = await ask(storeOf({}, before), { ...orders, groupBy: 'weekday', compareTo }, week);
  assert.deepEqual(compared.frames[0]!.fields[2]!.values, [0, 0, 0, 1, 0, 0, 0]);
});

test('what can’t be told by hour or weekday is refused, and why', async () => {
  const codeOf = async (query: Parameters<typeof ask>[1], store = storeOf()) =>
    (await ask(store, { ...orders, ...query }, week)).error;
  const facts = await codeOf({ metric: 'new_customers', groupBy: 'weekday' });
  assert.equal(facts?.code, 'dimension_not_of_metric');
  assert.match(facts.detail, /new_customers is computed from facts, not from windows/);
  const two = await codeOf({ groupBy: ['country', 'device', 'weekday'] });
  assert.equal(two?.code, 'unsupported_filter');
  assert.match(two.detail, /country and device together.*weekday and hour_of_day go with any/);
  const lifetime = await codeOf({ groupBy: 'hour_of_day', interval: 'all' });
  assert.match(lifetime!.detail, /lifetime of a shop is one window.*range/);
  const value = await codeOf({ filters: [{ dimension: 'weekday', operator: 'in', values: ['Mon'] }] });
  assert.equal(value?.code, 'unknown_value');
  assert.match(value.detail, /weekday can't be "Mon"; there are Monday, .*Sunday$/);
});

test('hours that are no longer kept are refused, weekdays are told from days', async () => {
  const old = { range: WEEK, now: BEGIN + 3 * 365 * DAY };
  const store = storeOf({ retention: 'standard' });
  const hours = await ask(store, { ...orders, groupBy: 'hour_of_day' }, old);
  assert.match(hours.error!.detail, /hours are no longer kept at 2026-01-01.*hour_of_day.*begins later/);
  assert.deepEqual(numbers(await ask(store, { ...orders, groupBy: 'weekday' }, old)), [0, 0, 0, 2, 0, 0, 1]);
});

test('where hours begin at half past, a week is exact, and more than that says what it counts', async () => {
  const half = { timeZone: 'Asia/Kolkata' };
  const late = [order(Date.UTC(2026, 0, 2, 4, 10)), order(Date.UTC(2026, 0, 2, 4, 40))];
  const split = { ...orders, groupBy: 'hour_of_day' };
  const exact = await ask(storeOf(half, late), split, week);
  assert.deepEqual([exact.meta.resolution, exact.meta.notices], ['1m', []]);
  assert.deepEqual(numbers(exact).slice(9, 11), [1, 1]);
  const month = { range: { from: BEGIN, to: BEGIN + 30 * DAY }, now: BEGIN + 30 * DAY };
  const rough = await ask(storeOf(half, late), split, month);
  assert.deepEqual(numbers(rough).slice(9, 11), [2, 0]);
  assert.match(rough.meta.notices[0]!.text, /Hours of Asia\/Kolkata begin within the hours that are stored/);
});
