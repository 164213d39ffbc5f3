import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, type Shop } from '@storepulse/contracts';
import type { WarehouseProgress } from '../store/store.ts';
import { documentsOf, type Happening } from '../testing/documents.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeShop } from '../testing/shops.ts';
import { exposition, type Format } from './exposition.ts';
import { familiesOf } from './families.ts';
import { scrapeStore } from './scrape.ts';

const rethrow = (error: unknown) => {
  throw error;
};
const time = Date.UTC(2026, 0, 1);
const families = familiesOf(catalog);

async function expose(
  happenings: Happening[],
  format: Format = 'text',
  shops: Shop[] = [makeShop()],
  now = time,
): Promise<string> {
  const documents = shops.flatMap((shop) => documentsOf(catalog, shop, happenings, ['all', '10s', '1m']));
  const progress = shops.map(({ shop }) => ({
    offsets: { transactions: 1 },
    watermarks: { [shop]: time },
    latest: { [shop]: time + 5_000 },
  }));
  const store = createMemoryStore({ shops, documents, progress });
  return exposition(await scrapeStore(store, families, rethrow, now), format, '1.2.3');
}

const lines = (text: string, name: string) => text.split('\n').filter((line) => line.startsWith(name));
const sale = (amount: number, country = 'France'): Happening => ({
  time,
  adds: { gross_sales: amount, orders: 1 },
  dimensions: { country },
});

test('money is written as the exact decimal, in whole currency units with the currency', async () => {
  const text = await expose([sale(10_666_684_544)]);
  assert.deepEqual(lines(text, 'storepulse_gross_sales_total'), [
    'storepulse_gross_sales_total{shop="uk-retail",currency="GBP"} 10666684.544',
  ]);
});

test('both formats give a counter the same name', async () => {
  const sample = 'storepulse_orders_total{shop="uk-retail"} 1';
  const [text, openMetrics] = [await expose([sale(1)]), await expose([sale(1)], 'openMetrics')];
  assert.ok(text.includes(`# TYPE storepulse_orders_total counter\n${sample}\n`));
  assert.ok(openMetrics.includes(`# TYPE storepulse_orders counter\n${sample}\n`));
  assert.ok(openMetrics.endsWith('# EOF\n'));
});

test('a ratio of nothing is absent, a sum of nothing is zero, and nothing is ever NaN', async () => {
  for (const format of ['text', 'openMetrics'] as const) {
    const text = await expose([], format);
    assert.deepEqual(lines(text, 'storepulse_aov'), []);
    assert.deepEqual(lines(text, 'storepulse_returns_total'), [
      'storepulse_returns_total{shop="uk-retail",currency="GBP"} 0',
    ]);
    assert.doesNotMatch(text, / [+-]?(nan|inf\w*)$/im);
  }
});

test('a total never hides among its parts', async () => {
  const text = await expose([sale(1_000), sale(2_000, 'Spain')]);
  assert.deepEqual(lines(text, 'storepulse_gross_sales_by_country_total'), [
    'storepulse_gross_sales_by_country_total{shop="uk-retail",currency="GBP",country="Spain"} 2',
    'storepulse_gross_sales_by_country_total{shop="uk-retail",currency="GBP",country="France"} 1',
  ]);
});

test('a dimension with too many values keeps the greatest, the rest is other, and the sum stays', async () => {
  const many = Array.from({ length: 150 }, (_, i) => sale(1_000 * (i + 1), `Country ${i}`));
  const values = lines(await expose(many), 'storepulse_gross_sales_by_country_total');
  assert.ok(values.length <= 100);
  assert.match(values[0]!, /country="Country 149"} 150$/);
  assert.match(values.at(-1)!, /country="other"} /);
  const sum = values.reduce((total, line) => total + Number(line.split(' ').at(-1)), 0);
  assert.equal(sum, (150 * 151) / 2);
});

test('with many shops and values the budget of series holds', async () => {
  const shops = Array.from({ length: 30 }, (_, i) => makeShop({ shop: `shop-${i}` }));
  const many = Array.from({ length: 60 }, (_, i) => sale(1_000, `Country ${i}`));
  const text = await expose(many, 'text', shops);
  const [series] = lines(text, 'storepulse_series ');
  assert.ok(Number(series!.split(' ')[1]) <= 2_000, series);
  assert.equal(lines(text, 'storepulse_gross_sales_total').length, 30);
});

test('what the budget has no place for is told by metric, and what all would come to', async () => {
  const many = Array.from({ length: 150 }, (_, i) => sale(1_000, `Country ${i}`));
  const text = await expose(many);
  const named = lines(text, 'storepulse_orders_by_country_total').filter((line) => !line.includes('"other"'));
  assert.deepEqual(lines(text, 'storepulse_series_dropped{metric="orders"'), [
    `storepulse_series_dropped{metric="orders",dimension="country"} ${150 - named.length}`,
  ]);
  const number = (name: string) => Number(lines(text, name)[0]!.split(' ')[1]);
  const dropped = lines(text, 'storepulse_series_dropped{').map((line) => Number(line.split(' ')[1]));
  const wanted = number('storepulse_series ') + dropped.reduce((sum, n) => sum + n, 0);
  assert.equal(number('storepulse_series_budget_ratio '), wanted / 2_000);
});

test('within the budget nothing is dropped', async () => {
  assert.deepEqual(lines(await expose([sale(1)]), 'storepulse_series_dropped'), []);
});

test('a distribution is a histogram: cumulative buckets in seconds, sum within 1 %, count', async () => {
  const step = (latency: number): Happening => ({ time, adds: { checkout_latency: latency } });
  const happenings = [step(0), step(80), step(200), step(3_000), step(400_000)];
  for (const format of ['text', 'openMetrics'] as const) {
    const text = await expose(happenings, format);
    assert.match(text, /# TYPE storepulse_checkout_latency_seconds histogram/);
    const name = 'storepulse_checkout_latency_seconds';
    const bucket = (le: string) =>
      lines(text, `${name}_bucket{shop="uk-retail",le="${le}"}`).map((line) => line.split(' ')[1]);
    assert.deepEqual(['0.05', '0.1', '0.25', '2.5', '5', '300', '+Inf'].map(bucket), [
      ['1'],
      ['2'],
      ['3'],
      ['3'],
      ['4'],
      ['4'],
      ['5'],
    ]);
    assert.deepEqual(lines(text, `${name}_count`), [`${name}_count{shop="uk-retail"} 5`]);
    const sum = Number(lines(text, `${name}_sum`)[0]!.split(' ')[1]);
    assert.ok(Math.abs(sum - 403.28) <= 4.04, `${sum}`);
  }
});

test('who is there now is counted against the clock', async () => {
  const visit = (ago: number, visitor: string): Happening => ({
    time: time - ago,
    adds: { active_visitors: visitor, active_sessions: visitor },
  });
  const text = await expose([
    visit(1_000, 'ann'),
    visit(200_000, 'ann'),
    visit(200_000, 'bob'),
    visit(600_000, 'cat'),
    visit(3_600_000, 'dan'),
  ]);
  assert.deepEqual(lines(text, 'storepulse_active_visitors_5m'), [
    'storepulse_active_visitors_5m{shop="uk-retail"} 2',
  ]);
  assert.deepEqual(lines(text, 'storepulse_active_sessions_30m'), [
    'storepulse_active_sessions_30m{shop="uk-retail"} 3',
  ]);
});

test('a label’s value can not break out of its quotes', async () => {
  const text = await expose([sale(1_000, 'a"} 1\nfake 2\\')]);
  assert.deepEqual(lines(text, 'fake'), []);
  assert.ok(text.includes('country="a\\"} 1\\nfake 2\\\\"'));
});

test('freshness is told as timestamps', async () => {
  const text = await expose([sale(1)]);
  assert.deepEqual(lines(text, 'storepulse_last_event_timestamp_seconds'), [
    `storepulse_last_event_timestamp_seconds{shop="uk-retail"} ${time / 1_000 + 5}`,
  ]);
});

test('a store that is away is told, and no figure made up', async () => {
  const away = {
    ...createMemoryStore({ shops: [], documents: [] }),
    shops: () => Promise.reject(new Error('away')),
  };
  const failures: unknown[] = [];
  const scrape = await scrapeStore(away, families, (error) => failures.push(error), time);
  const text = await exposition(scrape, 'text', '1.2.3');
  assert.deepEqual(lines(text, 'storepulse_store_up'), ['storepulse_store_up 0']);
  assert.deepEqual(lines(text, 'storepulse_orders'), []);
  assert.equal(failures.length, 1);
});

test('how the warehouse is doing is told once it has run, and to those who see all shops', async () => {
  const shop = makeShop();
  const reconciled = { at: new Date(7_000), differences: 3 };
  const told = async (warehouse?: WarehouseProgress) => {
    const store = createMemoryStore({ shops: [shop], documents: [], ...(warehouse ? { warehouse } : {}) });
    return scrapeStore(store, families, rethrow, time);
  };
  const shown = (text: string) => [
    ...lines(text, 'storepulse_warehouse'),
    ...lines(text, 'storepulse_reconcile'),
  ];
  assert.deepEqual(shown(await exposition(await told(), 'text', '1.2.3')), []);
  const scrape = await told({ succeededAt: new Date(5_000), isFailing: true, reconciled });
  assert.deepEqual(shown(await exposition(scrape, 'text', '1.2.3')), [
    'storepulse_warehouse_last_success_timestamp_seconds 5',
    'storepulse_warehouse_failing 1',
    'storepulse_reconcile_differences 3',
    'storepulse_reconcile_timestamp_seconds 7',
  ]);
});
