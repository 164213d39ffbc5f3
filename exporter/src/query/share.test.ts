import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, type QueryResult } from '@storepulse/contracts';
import fc from 'fast-check';
import { ask } from '../testing/ask.ts';
import { documentsOf } from '../testing/documents.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeShop } from '../testing/shops.ts';

const BEGIN = Date.UTC(2026, 2, 27);
const HOUR = 3_600_000;
const range = { from: BEGIN, to: BEGIN + 3 * HOUR };
const options = { range, now: range.to };
const shop = makeShop({ scale: 0 });
interface Sale {
  readonly hour: number;
  readonly country: string;
  readonly gross: number;
  readonly adjusted: number;
}
const storeOf = (sales: readonly Sale[]) =>
  createMemoryStore({
    shops: [shop],
    documents: documentsOf(
      catalog,
      shop,
      sales.map(({ hour, country, gross, adjusted }) => ({
        time: BEGIN + hour * HOUR,
        adds: { gross_sales: gross, adjustments: adjusted, orders: 1, buyers: `${gross % 3}` },
        dimensions: { country },
      })),
    ),
  });
const query = { metric: 'gross_sales', groupBy: 'country', share: true } as const;
const columnsOf = ({ frames }: QueryResult, frame = 0) =>
  Object.fromEntries(
    frames[frame]!.fields.map(({ name, labels, values }) => [labels?.country ?? name, values]),
  );

test('shares of a table and of each bucket are those of what happened, other among them', async () => {
  const sale: fc.Arbitrary<Sale> = fc.record({
    hour: fc.integer({ min: 0, max: 2 }),
    country: fc.constantFrom('France', 'Spain', 'Malta', 'other', 'unknown'),
    gross: fc.integer({ min: 0, max: 1_000 }),
    adjusted: fc.constant(0),
  });
  const sum = (sales: readonly Sale[]) => sales.reduce((total, { gross }) => total + gross, 0);
  await fc.assert(
    fc.asyncProperty(
      fc.array(sale, { minLength: 1 }),
      fc.integer({ min: 1, max: 6 }),
      async (sales, limit) => {
        const store = storeOf(sales);
        const shareIn = (part: readonly Sale[], country: string, shown: readonly string[]) => {
          const isOf = (sale: Sale) =>
            country === 'other'
              ? !shown.includes(sale.country) || sale.country === 'other'
              : sale.country === country;
          return sum(part) === 0 ? null : sum(part.filter(isOf)) / sum(part);
        };
        const whole = columnsOf(await ask(store, { ...query, limit, format: 'table' }, options));
        const shown = whole.country as string[];
        assert.deepEqual(
          whole.gross_sales_share,
          shown.map((country) => shareIn(sales, country, shown)),
        );
        const series = await ask(store, { ...query, limit, interval: '1h' }, options);
        assert.deepEqual(
          series.frames.map(({ meta }) => (meta?.custom as { compared?: string } | undefined)?.compared),
          [...[undefined, 'share']],
        );
        const { time, ...shares } = columnsOf(series, 1);
        assert.deepEqual(time, columnsOf(series, 0).time);
        for (const [country, values] of Object.entries(shares))
          assert.deepEqual(
            values,
            [0, 1, 2].map((hour) =>
              shareIn(
                sales.filter((sale) => sale.hour === hour),
                country,
                shown,
              ),
            ),
          );
      },
    ),
    { numRuns: 40 },
  );
});

const two = storeOf([
  { hour: 0, country: 'France', gross: 300, adjusted: -400 },
  { hour: 0, country: 'Spain', gross: 100, adjusted: 100 },
]);

test('a share is in per cent, beside a comparison too, and of what the filters keep', async () => {
  const filters = [{ dimension: 'country', operator: '!=' as const, values: ['Spain'] }];
  const filtered = columnsOf(await ask(two, { ...query, filters, format: 'table' }, options));
  assert.deepEqual(filtered.gross_sales_share, [1]);
  const compared = await ask(two, { ...query, format: 'table', compareTo: 'previous_period' }, options);
  assert.deepEqual(
    compared.frames[0]!.fields.map(({ name }) => name),
    [
      ...['country', 'gross_sales', 'gross_sales_share'],
      ...['gross_sales_earlier', 'gross_sales_difference', 'gross_sales_relative'],
    ],
  );
  assert.equal(compared.frames[0]!.fields[2]!.config.unit, 'percentunit');
  const series = await ask(two, { ...query, interval: '1h', compareTo: 'previous_period' }, options);
  assert.equal(series.frames.length, 5);
  const cumulative = columnsOf(await ask(two, { ...query, interval: '1h', cumulative: true }, options), 1);
  assert.deepEqual(cumulative.France, [0.75, 0.75, 0.75]);
});

test('of a total below zero there is no share, and none of what is no part of a whole', async () => {
  const adjusted = columnsOf(await ask(two, { ...query, metric: 'adjustments', format: 'table' }, options));
  assert.deepEqual(adjusted.adjustments_share, [null, null]);
  for (const metric of ['aov', 'view_duration', 'view_duration_p90']) {
    const { error } = await ask(two, { metric, groupBy: 'category', share: true }, options);
    assert.equal(error?.code, 'invalid_request', metric);
    assert.match(error!.detail, /"share" can't be had of/, metric);
  }
  const { meta } = await ask(two, { metric: 'gross_sales', share: true }, options);
  assert.ok(meta.notices.some(({ text }) => text.includes('"share" is not used')));
});
