import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMPARISONS, catalog, type QueryResult, type Shop } from '@storepulse/contracts';
import fc from 'fast-check';
import { ask, numbers, times } from '../testing/ask.ts';
import { documentsOf, type Happening } from '../testing/documents.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeShop } from '../testing/shops.ts';

const at = (text: string) => Date.parse(text);
const range = (from: string, to: string) => ({ from, to });
const sale = (time: string, gross: number, country = 'France'): Happening => ({
  time: at(time),
  adds: { gross_sales: gross, orders: 1 },
  dimensions: { country },
});
const storeOf = (happenings: Happening[], fields: Partial<Shop> = {}) => {
  const shop = makeShop({ timeZone: 'Europe/London', retention: 'forever', ...fields });
  const progress = [
    {
      offsets: { transactions: 1 },
      watermarks: { [shop.shop]: NOW },
      latest: { [shop.shop]: NOW },
    },
  ];
  return createMemoryStore({ shops: [shop], documents: documentsOf(catalog, shop, happenings), progress });
};
const NOW = at('2026-06-30T12:00:00Z');
const valuesOf = ({ frames }: QueryResult, frame: number, field = 1) => frames[frame]!.fields[field]!.values;
const textsOf = ({ meta }: QueryResult) => meta.notices.map(({ text }) => text);

/** The clocks of London are put forward on 29 March 2026, at one in the night. */
const march = storeOf([
  sale('2026-03-22T00:30:00Z', 10_000),
  sale('2026-03-23T00:30:00Z', 40_000),
  sale('2026-03-29T00:30:00Z', 20_000),
  sale('2026-03-29T23:30:00Z', 30_000),
]);

test('days are compared with the same days of the week before, by the shop’s clocks', async () => {
  const query = { interval: '1d', compareTo: 'previous_week' } as const;
  const result = await ask(march, query, { range: range('2026-03-29', '2026-04-01'), now: NOW });
  assert.deepEqual(
    result.frames.map(({ meta }) => meta?.custom),
    [{}, 'earlier', 'difference', 'relative'].map((compared, i) =>
      i === 0 ? compared : { compareTo: 'previous_week', compared },
    ),
  );
  // From midnight to midnight of London, in the week in which its clocks go forward.
  assert.deepEqual(
    result.frames.map(({ meta }) => meta?.timeCompare),
    [undefined, { diffMs: 7 * 86_400_000, isTimeShiftQuery: true }, undefined, undefined],
  );
  assert.deepEqual(times(result)[1], '2026-03-29T23:00:00.000Z');
  assert.deepEqual(valuesOf(result, 0), [20, 30, 0]);
  assert.deepEqual(valuesOf(result, 1), [10, 40, 0]);
  assert.deepEqual(valuesOf(result, 2), [10, -10, 0]);
  assert.deepEqual(valuesOf(result, 3), [1, -0.25, null]);
  assert.deepEqual(valuesOf(result, 1, 0), valuesOf(result, 0, 0));
  assert.deepEqual(
    result.frames.slice(1).map(({ fields }) => fields[1]!.config.displayName),
    ['Gross sales (a week before)', 'Gross sales (difference)', 'Gross sales (change)'],
  );
  assert.equal(result.frames[3]!.fields[1]!.config.unit, 'percentunit');
});

test('months are compared with those before them, and with the same ones of the year before', async () => {
  const store = storeOf([
    sale('2025-05-15T12:00:00Z', 1_000),
    sale('2026-03-31T12:00:00Z', 2_000),
    sale('2026-04-30T12:00:00Z', 3_000),
    sale('2026-05-31T12:00:00Z', 4_000),
  ]);
  const query = { interval: '1M' } as const;
  const may = { range: range('2026-05-01', '2026-06-01'), now: NOW };
  const earlier = async (compareTo: 'previous_period' | 'previous_year') =>
    valuesOf(await ask(store, { ...query, compareTo }, may), 1);
  assert.deepEqual(await earlier('previous_period'), [3]);
  assert.deepEqual(await earlier('previous_year'), [1]);
  const two = { range: range('2026-04-01', '2026-06-01'), now: NOW };
  const both = await ask(store, { ...query, compareTo: 'previous_period' }, two);
  assert.deepEqual(valuesOf(both, 0), [3, 4]);
  assert.deepEqual(valuesOf(both, 1), [0, 2]);
});

test('a range that begins or ends within a bucket is compared with the time of its own length before', async () => {
  const store = storeOf([
    sale('2026-06-29T10:00:00Z', 1_000),
    sale('2026-06-30T10:00:00Z', 3_000),
    sale('2026-05-10T10:00:00Z', 7_000),
  ]);
  const query = { compareTo: 'previous_period' } as const;
  const day = { range: range('now-24h', 'now'), now: NOW + 60_000 };
  const hours = await ask(store, { ...query, interval: '1h' }, day);
  const at10 = times(hours).indexOf('2026-06-30T10:00:00.000Z');
  assert.deepEqual([valuesOf(hours, 0)[at10], valuesOf(hours, 1)[at10]], [3, 1]);
  const days = await ask(store, { ...query, interval: '1d' }, day);
  assert.deepEqual(
    [valuesOf(days, 0), valuesOf(days, 1)],
    [
      [1, 3],
      [0, 1],
    ],
  );
  // Of April, before the shop's first day, nothing is known.
  const months = await ask(store, { ...query, interval: '1M' }, { range: range('now-1M', 'now'), now: NOW });
  assert.deepEqual(
    [valuesOf(months, 0), valuesOf(months, 1)],
    [
      [7, 4],
      [null, 7],
    ],
  );
});

test('a table has columns of the earlier time; groups keep their places, and what has none is in other', async () => {
  const store = storeOf([
    sale('2026-05-01T12:00:00Z', 5_000, 'France'),
    sale('2026-05-01T12:00:00Z', 1_000, 'Spain'),
    sale('2026-05-01T12:00:00Z', 200, 'Malta'),
    sale('2026-04-30T12:00:00Z', 2_000, 'France'),
    sale('2026-04-30T12:00:00Z', 700, 'Malta'),
    sale('2026-04-30T12:00:00Z', 100, 'Japan'),
  ]);
  const day = { range: range('2026-05-01', '2026-05-02'), now: NOW };
  const query = { format: 'table', groupBy: 'country', compareTo: 'previous_period' } as const;
  const result = await ask(store, { ...query, limit: 2 }, day);
  const columns = result.frames[0]!.fields.map(({ name, values }) => [name, values]);
  assert.deepEqual(columns, [
    ['country', ['France', 'Spain', 'other']],
    ['gross_sales', [5, 1, 0.2]],
    ['gross_sales_earlier', [2, 0, 0.8]],
    ['gross_sales_difference', [3, 1, -0.6]],
    ['gross_sales_relative', [1.5, null, -0.75]],
  ]);
  assert.ok(!textsOf(result).some((text) => text.includes('are not shown')));
  const all = await ask(store, query, day);
  assert.ok(textsOf(all).includes('1 values that only the earlier time has are not shown.'));
});

test('a day that is not over is compared with as much of the day before', async () => {
  const store = storeOf([
    sale('2026-06-29T10:00:00Z', 1_000),
    sale('2026-06-29T20:00:00Z', 5_000),
    sale('2026-06-30T10:00:00Z', 3_000),
  ]);
  const today = { range: range('now/d', 'now/d'), now: NOW };
  const query = { format: 'table', compareTo: 'previous_period' } as const;
  const result = await ask(store, query, today);
  assert.deepEqual(valuesOf(result, 0, 0), [3]);
  assert.deepEqual(valuesOf(result, 0, 1), [1]);
});

test('the lifetime has nothing before it', async () => {
  const query = { interval: 'all', compareTo: 'previous_year' } as const;
  const { error } = await ask(march, query, { range: range('2026-03-29', '2026-04-01'), now: NOW });
  assert.equal(error?.code, 'invalid_request');
  assert.match(error.detail, /"compareTo" needs a time that has one before it/);
});

test('where only wider windows of the earlier time are kept, nothing is compared, and it is said', async () => {
  const store = storeOf([sale('2026-06-30T10:00:00Z', 1_000), sale('2025-06-30T10:00:00Z', 1_000)], {
    retention: 'usual' as never,
  });
  const query = { interval: '1m', compareTo: 'previous_year' } as const;
  const result = await ask(store, query, { range: range('now-3h', 'now-1h'), now: NOW });
  assert.ok(valuesOf(result, 1).every((value) => value === null));
  assert.match(textsOf(result).join(), /The earlier time is kept by 1\w alone/);
});

test('what is compared with equals what a query of that time answers, whatever the zone, width and groups', async () => {
  const spring = at('2026-03-20T00:00:00Z');
  const happening = fc.record({
    hour: fc.nat(24 * 14),
    gross: fc.integer({ min: 1, max: 100_000 }),
    country: fc.constantFrom('France', 'Spain', 'Malta'),
  });
  // Where clocks change, an hour has no counterpart, or two have the same one: days alone can be compared exactly.
  const cut = fc.constantFrom(
    ...(['Europe/London', 'Africa/Cairo', 'Asia/Kathmandu', 'UTC'] as const).map(
      (zone) => [zone, '1d'] as const,
    ),
    ...(['Asia/Kathmandu', 'UTC'] as const).map((zone) => [zone, '1h'] as const),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(happening, { maxLength: 30 }),
      cut,
      fc.constantFrom(...COMPARISONS.filter((comparison) => comparison !== 'previous_year')),
      async (happened, [timeZone, interval], compareTo) => {
        const sales = happened.map(({ hour, gross, country }) =>
          sale(new Date(spring + hour * 3_600_000).toISOString(), gross, country),
        );
        const store = storeOf(sales, { timeZone });
        const options = (from: string, to: string) => ({ range: range(from, to), now: NOW });
        const compared = await ask(store, { interval, compareTo }, options('2026-03-28', '2026-04-04'));
        const before = await ask(store, { interval }, options('2026-03-21', '2026-03-28'));
        assert.deepEqual(valuesOf(compared, 1), valuesOf(before, 0));
        assert.equal(valuesOf(compared, 1).length, valuesOf(compared, 0).length);
      },
    ),
    { numRuns: 60 },
  );
});

test('running totals hold all from the first bucket up to each, also of distinct counts and ratios', async () => {
  const visit = (time: string, visitor: string): Happening => ({
    time: at(time),
    adds: { gross_sales: 1_000, orders: 1, active_visitors: visitor },
  });
  const store = storeOf([
    visit('2026-06-01T12:00:00Z', 'ann'),
    visit('2026-06-02T12:00:00Z', 'ann'),
    visit('2026-06-02T13:00:00Z', 'bob'),
    visit('2026-06-04T12:00:00Z', 'ann'),
  ]);
  const days = { range: range('2026-06-01', '2026-06-05'), now: NOW };
  const running = async (metric: string) =>
    numbers(await ask(store, { metric, interval: '1d', cumulative: true }, days));
  assert.deepEqual(await running('gross_sales'), [1, 3, 3, 4]);
  assert.deepEqual(await running('active_visitors'), [1, 2, 2, 2]);
  assert.deepEqual(await running('aov'), [1, 1, 1, 1]);
  const { error } = await ask(store, { metric: 'new_customers', interval: '1d', cumulative: true }, days);
  assert.match(error!.detail, /"cumulative" can't be had of new_customers/);
});

test('groups come least first or by name', async () => {
  const store = storeOf([
    sale('2026-06-01T12:00:00Z', 5_000, 'Malta'),
    sale('2026-06-01T12:00:00Z', 1_000, 'Spain'),
    sale('2026-06-01T12:00:00Z', 3_000, 'France'),
  ]);
  const day = { range: range('2026-06-01', '2026-06-02'), now: NOW };
  const labels = async (query: object) =>
    valuesOf(await ask(store, { format: 'table', groupBy: 'country', ...query }, day), 0, 0);
  assert.deepEqual(await labels({}), ['Malta', 'France', 'Spain']);
  assert.deepEqual(await labels({ order: 'least' }), ['Spain', 'France', 'Malta']);
  assert.deepEqual(await labels({ order: 'name' }), ['France', 'Malta', 'Spain']);
  assert.deepEqual(await labels({ order: 'least', limit: 1 }), ['Spain', 'other']);
  assert.deepEqual(await labels({ order: 'name', limit: 2 }), ['France', 'Malta', 'other']);
  assert.match(textsOf(await ask(store, { order: 'least' }, day)).join(), /"order" \(least\) is not used/);
});
