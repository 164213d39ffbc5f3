import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, type QueryResult } from '@storepulse/contracts';
import fc from 'fast-check';
import { ask, numbers } from '../testing/ask.ts';
import { documentsOf } from '../testing/documents.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeShop } from '../testing/shops.ts';

const BEGIN = Date.UTC(2026, 2, 27);
const DAY = 86_400_000;
const range = { from: BEGIN, to: BEGIN + 2 * DAY };
const options = { range, now: range.to + DAY };
const shop = makeShop({ currency: 'GBP', scale: 3, timeZone: 'UTC' });
const paris = makeShop({ shop: 'paris', currency: 'EUR', scale: 2, timeZone: 'UTC' });
const at = (time: number, amount: number, country: string) => ({
  ...{ time, adds: { gross_sales: amount, discounts: 0, orders: 1, units: 3 }, dimensions: { country } },
});
const rateOf = (day: string, toCurrency: string, rate: string, source = 'ECB') => ({
  ...{ shop: shop.shop, day, toCurrency, rate, source },
});
const store = createMemoryStore({
  shops: [shop, paris],
  documents: [
    ...documentsOf(catalog, shop, [at(BEGIN, 10_005, 'France'), at(BEGIN + DAY, 20_001, 'Spain')]),
    ...documentsOf(catalog, paris, [at(BEGIN, 700, 'France')]),
  ],
  rates: [
    rateOf('2026-03-27', 'EUR', '1.2'),
    rateOf('2026-03-28', 'EUR', '1.19'),
    rateOf('2026-03-28', 'EUR', '1.1523', 'ECB, corrected'),
    rateOf('2026-03-28', 'JPY', '191.5'),
  ],
});
const days = { interval: '1d' } as const;

test('money is converted exactly and once, by the rate that was told last for the last day; the answer says so', async () => {
  const result = await ask(store, { ...days, currency: 'EUR' }, options);
  // 10.005 × 1.1523 = 11.5287615 and 20.001 × 1.1523 = 23.0471523
  assert.deepEqual(numbers(result), [11.53, 23.05]);
  const { config } = result.frames[0]!.fields[1]!;
  assert.deepEqual([config.unit, config.decimals], ['currencyEUR', 2]);
  const told = { shop: shop.shop, from: 'GBP', to: 'EUR', rate: '1.1523', day: '2026-03-28' };
  assert.deepEqual(result.meta.conversions, [{ ...told, source: 'ECB, corrected' }]);
  assert.match(
    result.meta.notices[0]!.text,
    /GBP to EUR at 1\.1523, the rate of 2026-03-28 by ECB, corrected/,
  );
});

test('another day’s rate is taken when it is named', async () => {
  const result = await ask(store, { ...days, currency: 'EUR', rateDay: '2026-03-27' }, options);
  assert.deepEqual(numbers(result), [12.01, 24]);
});

test('a currency without decimals has none', async () => {
  const result = await ask(store, { ...days, currency: 'JPY' }, options);
  assert.deepEqual(numbers(result), [1_916, 3_830]);
  assert.equal(result.frames[0]!.fields[1]!.config.decimals, 0);
});

test('what is no money stays what it is, and a mean is that of the amounts', async () => {
  const plain = async (query: object) => numbers(await ask(store, query, options));
  for (const query of [
    { ...days, metric: 'orders' },
    { format: 'table', groupBy: 'country', metric: 'units' },
  ])
    assert.deepEqual(await plain({ ...query, currency: 'EUR' }), await plain(query));
  const aov = await ask(store, { metric: 'aov', format: 'table', currency: 'EUR' }, options);
  // (10.005 + 20.001) ÷ 2 × 1.1523
  assert.ok(Math.abs(numbers(aov)[0]! - 17.2879569) < 0.005, `${numbers(aov)[0]}`);
  const { numerator } = aov.frames[0]!.meta!.custom as { numerator: number[] };
  assert.deepEqual(numerator, [34.58]);
});

test('shops of several currencies are asked for in one; each tells its rate, and the one that has it needs none', async () => {
  const query = { shop: [shop.shop, 'paris'], format: 'table' as const, currency: 'EUR' };
  const { frames, meta, error } = await ask(store, query, options);
  assert.equal(error, undefined);
  assert.deepEqual(
    frames.map(({ fields }) => [fields[0]!.values[0], fields[0]!.config.unit]),
    [
      [34.58, 'currencyEUR'],
      [7, 'currencyEUR'],
    ],
  );
  assert.deepEqual(
    meta.conversions?.map((each) => each.shop),
    [shop.shop],
  );
});

const refusal = ({ error, frames }: QueryResult) => {
  assert.deepEqual(frames, []);
  return [error?.code, error?.detail] as const;
};

test('without a rate for the day there is an error that says which there are: none is guessed', async () => {
  const other = await ask(store, { ...days, currency: 'EUR', rateDay: '2026-03-26' }, options);
  assert.deepEqual(refusal(other), [
    'no_rate',
    'uk-retail has told no rate from GBP to EUR for 2026-03-26; the last days with one are 2026-03-28, 2026-03-27: name one in "rateDay", or send it as exchange_rate_posted',
  ]);
  const never = await ask(store, { ...days, currency: 'CHF' }, options);
  assert.match(refusal(never)[1]!, /GBP to CHF for 2026-03-28; it has never told any/);
  // A rate of one shop is none of another.
  assert.equal(refusal(await ask(store, { ...days, shop: 'paris', currency: 'JPY' }, options))[0], 'no_rate');
});

test('a range that goes on takes today’s rate, and a day without a currency is a mistake', async () => {
  const on = { range: { from: BEGIN, to: BEGIN + 30 * DAY }, now: BEGIN + DAY + 5 };
  const result = await ask(store, { format: 'table', currency: 'EUR' }, on);
  assert.equal(result.meta.conversions![0]!.day, '2026-03-28');
  const mistaken = await ask(store, { ...days, rateDay: '2026-03-28' }, options);
  assert.equal(refusal(mistaken)[0], 'invalid_request');
});

test('differences to an earlier time are converted by the same rate', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 1e9 }), async (a, b) => {
      const pair = createMemoryStore({
        shops: [shop],
        documents: documentsOf(catalog, shop, [at(BEGIN, a, 'France'), at(BEGIN + DAY, b, 'France')]),
        rates: [rateOf('2026-03-28', 'EUR', '1.1523')],
      });
      const { frames } = await ask(
        pair,
        { metric: 'gross_sales', format: 'table', currency: 'EUR', compareTo: 'previous_period' },
        { range: { from: BEGIN + DAY, to: BEGIN + 2 * DAY }, now: range.to },
      );
      const shown = frames.flatMap(({ fields }) => fields.flatMap(({ values }) => values)) as number[];
      const expected = [b, a, b - a].map((amount) => (amount / 1_000) * 1.1523);
      for (const amount of expected)
        assert.ok(
          shown.some((value) => Math.abs(value - amount) <= 0.0051),
          `${amount} in ${shown}`,
        );
    }),
    { numRuns: 30 },
  );
});
