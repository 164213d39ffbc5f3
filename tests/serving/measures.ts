import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { api, type EventOf, type MeasureKind, type Resolution } from '@storepulse/contracts';
import type { OutputRecord } from '@storepulse/processor/kafka/port';
import type { Database } from '@storepulse/processor/store/database';
import { anOrder, NOON, SHOP } from '@storepulse/processor/testing/events';
import type { Tally } from '@storepulse/simulator/ledger/book';
import { compareWindows, createFindings } from '@storepulse/simulator/verify/compare-windows';
import { cellKey } from '@storepulse/simulator/verify/figures';
import { expositionSurface, parseExposition } from '@storepulse/simulator/verify/surfaces/exposition';
import { mongoSurface } from '@storepulse/simulator/verify/surfaces/mongodb';
import { queryApiSurface } from '@storepulse/simulator/verify/surfaces/query-api';
import {
  type ExpectedCells,
  type Surface,
  storedMetrics,
} from '@storepulse/simulator/verify/surfaces/surface';
import { topicSurface } from '@storepulse/simulator/verify/surfaces/topic';
import { localDates, windowKey } from '@storepulse/simulator/verify/window-keys';
import { MATRIX, NUMBER_OF, UNITS } from './matrix.ts';
import { serve } from './stage.ts';

type Order = EventOf<'order_placed'>;

const HOUR = 3_600_000;
const SHOPS = [
  { ...SHOP, shop: 'pounds', currency: 'GBP', scale: 2 },
  { ...SHOP, shop: 'mills', currency: 'GBP', scale: 3 },
  { ...SHOP, shop: 'yen', currency: 'JPY', scale: 0 },
];
/** Amounts of which many lie on a bound of a bucket exactly, and none just above one. */
const TOTALS = [100, 499, 500, 999, 1_000, 1_500, 5_000, 9_900, 10_000, 30_000, 100_000];
const COUNTRIES = ['France', 'Spain', 'Japan'];

const ordersOf = (shop: string, currency: string): Order[] =>
  Array.from({ length: 120 }, (_, n) => {
    const total = TOTALS[n % TOTALS.length]!;
    const discount = (n % 4) * 25;
    const price = total + discount;
    return anOrder({
      shop,
      currency,
      eventTime: NOON + n * 90_000,
      orderId: `${shop}-${n}`,
      visitorId: `v${n % 50}`,
      country: COUNTRIES[n % COUNTRIES.length]!,
      lines: [{ sku: 'A', category: 'Mugs', quantity: 1, unitPrice: price, discount }],
      subtotal: price,
      discount,
      shipping: 0,
      tax: 0,
      total,
    });
  });

/** What must be in a cell, worked out the plainest way. */
function tallyOf(measure: MeasureKind, numberOf: (order: Order) => number, orders: readonly Order[]): Tally {
  const values = orders.map(numberOf);
  switch (measure) {
    case 'count':
      return orders.length;
    case 'sum':
      return values.reduce((sum, value) => sum + value, 0);
    case 'distinct':
      return new Set(orders.map(({ visitorId }) => visitorId));
    case 'last': {
      const { eventTime: time, eventId: id } = orders.at(-1)!;
      return { time, id, value: values.at(-1)! };
    }
    default:
      return new Map([...Map.groupBy(values, (value) => value)].map(([value, same]) => [value, same.length]));
  }
}

function cellsOf(orders: readonly Order[]): ExpectedCells {
  const cells: ExpectedCells = new Map();
  const slices = [
    ['total', 'all', orders] as const,
    ...[...Map.groupBy(orders, ({ country }) => country!)].map(
      ([country, own]) => ['country', country, own] as const,
    ),
  ];
  for (const [measure, units] of Object.entries(UNITS)) {
    for (const unit of units) {
      for (const [dimension, value, own] of slices) {
        const tally = tallyOf(measure as MeasureKind, NUMBER_OF[unit], own);
        cells.set(cellKey(`${measure}_${unit}`, dimension, value), tally);
      }
    }
  }
  return cells;
}

/** Counts orders of three currencies, and compares what is shown of each measure and unit with what must be. */
export async function showsEveryMeasure(
  t: TestContext,
  aDatabase: () => Promise<{ database: Database; uri: string }>,
): Promise<void> {
  const { database, uri } = await aDatabase();
  await using stage = await serve(database, uri, MATRIX, SHOPS, () => NOON + 4 * HOUR);
  const told = new Map(SHOPS.map(({ shop, currency }) => [shop, ordersOf(shop, currency)]));
  for (const orders of told.values()) {
    // Of each window a share of both tasks.
    for (const [n, task] of ['facts/0', 'facts/1'].entries())
      await stage.count(
        task,
        orders.filter((_, i) => i % 2 === n),
      );
  }
  const published = await stage.merge();

  await t.test('verify finds no difference on any surface', async () => {
    const surfaces: readonly Surface[] = [
      mongoSurface(database.db, MATRIX),
      await topicSurface(sourceOf(published), MATRIX, () => true),
      queryApiSurface(stage.url, MATRIX),
      await expositionSurface(stage.url, MATRIX),
    ];
    const metrics = storedMetrics(MATRIX);
    const findings = createFindings(surfaces.map(({ name }) => name));
    for (const { shop, scale, timeZone } of SHOPS) {
      const place = { shop, scale, dateOf: localDates(timeZone) };
      for (const resolution of ['all', '1h'] as const satisfies Resolution[]) {
        const windows = Map.groupBy(told.get(shop)!, ({ eventTime }) =>
          windowKey(resolution, eventTime, place.dateOf),
        );
        const expected = new Map(
          [...windows].map(([key, orders]) => [key, { start: NOON, cells: cellsOf(orders) }]),
        );
        for (const surface of surfaces.filter((each) => each.tells(resolution))) {
          const shown = await surface.read(place, { resolution, from: NOON, to: NOON + 4 * HOUR });
          compareWindows(surface, place, resolution, expected, shown, {
            metrics,
            judgement: { sure: 0, possible: 0 },
            findings,
          });
        }
      }
    }
    assert.deepEqual(findings.differences, []);
    for (const [name, { cells }] of findings.summaries) assert.ok(cells > 50, `${name}: ${cells} cells`);
  });

  await t.test('a distribution of money is a histogram in currency units', async () => {
    const samples = parseExposition(await stage.get('/metrics'));
    for (const { shop, currency, scale } of SHOPS) {
      const totals = told.get(shop)!.map(({ total }) => total / 10 ** scale);
      const own = (suffix: string) =>
        samples.filter(
          ({ name, labels }) => name === `storepulse_distribution_money_${suffix}` && labels.shop === shop,
        );
      for (const { labels, value } of own('bucket')) {
        assert.equal(labels.currency, currency);
        const bound = labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le);
        assert.equal(value, totals.filter((total) => total <= bound).length, `${shop} up to ${labels.le}`);
      }
      const sum = totals.reduce((a, b) => a + b, 0);
      assert.ok(Math.abs(own('sum')[0]!.value - sum) <= 0.01 * sum, `${own('sum')[0]!.value} for ${sum}`);
      assert.equal(own('count')[0]!.value, totals.length);
    }
  });

  await t.test(
    'every metric is answered in the unit that people read, with the decimals of its kind',
    async () => {
      const metrics = [...MATRIX.metrics.values()];
      for (const { shop, currency, scale } of SHOPS) {
        const { results } = await stage.ask(
          api.query({
            range: { from: NOON, to: NOON + 4 * HOUR },
            queries: metrics.map(({ name }) => ({
              refId: name,
              shop,
              metric: name,
              format: 'table' as const,
            })),
          }),
        );
        const totals = told
          .get(shop)!
          .map(({ total }) => total / 10 ** scale)
          .sort((a, b) => a - b);
        for (const { name, unit } of metrics) {
          assert.equal(results[name]!.error, undefined, name);
          const { config, values } = results[name]!.frames[0]!.fields[0]!;
          assert.equal(typeof values[0], 'number', name);
          const units = {
            money: `currency${currency}`,
            count: 'short',
            ratio: 'percentunit',
            milliseconds: 'ms',
          };
          assert.equal(config.unit, units[unit], name);
          if (unit === 'money')
            assert.equal(config.decimals, /^distribution/.test(name) ? Math.min(scale, 2) : scale, name);
        }
        for (const [quantile, suffix] of [
          [0.5, '_p50'],
          [0.58, '_p58'],
          [0.999, '_p99_9'],
        ] as const) {
          const shown = results[`distribution_money${suffix}`]!.frames[0]!.fields[0]!.values[0] as number;
          const truth = totals[Math.floor(quantile * (totals.length - 1))]!;
          assert.ok(Math.abs(shown - truth) <= 0.0101 * truth, `${shop} ${suffix}: ${shown} for ${truth}`);
        }
      }
    },
  );
}

/** The records that were published, as a topic that is read. */
const sourceOf = (records: readonly OutputRecord[]) => ({
  bounds: async () => [],
  committed: async () => new Map<number, number>(),
  read: async (_topic: unknown, take: (record: { key: Buffer | null; value: Buffer | null }) => void) => {
    for (const { key, value } of records) take({ key: Buffer.from(key!), value: Buffer.from(value!) });
  },
  close: async () => undefined,
});
