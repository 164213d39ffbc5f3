import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog } from '@storepulse/contracts';
import { ExporterError } from '../errors.ts';
import { ask, numbers, table, times } from '../testing/ask.ts';
import { documentsOf } from '../testing/documents.ts';
import { createMemoryStore, type MemoryFacts } from '../testing/memory-store.ts';
import { makeShop } from '../testing/shops.ts';
import type { OrderFact, ProductFact } from './rows.ts';
import { createSnapshots } from './snapshots.ts';

const at = (text: string) => Date.parse(text);
const range = (from: string, to: string) => ({ from: at(from), to: at(to) });
const shop = makeShop();
const order = (customerId: string, time: string, fields: Partial<OrderFact> = {}): OrderFact => ({
  customerId,
  eventTime: at(time),
  subtotal: 10_000,
  discount: 0,
  country: 'France',
  device: 'mobile',
  channel: 'email',
  paymentMethod: 'card',
  ...fields,
});
const storeOf = (facts: Partial<MemoryFacts>) =>
  createMemoryStore({
    shops: [shop],
    documents: documentsOf(catalog, shop, [{ time: at('2011-01-03T10:00Z'), adds: { orders: 1 } }]),
    progress: [
      {
        offsets: { transactions: 1 },
        watermarks: { [shop.shop]: at('2011-05-01') },
        latest: { [shop.shop]: at('2011-05-01') },
      },
    ],
    facts,
  });

const orders = [
  order('ann', '2011-01-03T10:00Z'),
  order('ann', '2011-02-03T10:00Z', { country: 'Spain' }),
  order('ann', '2011-03-03T10:00Z'),
  order('bob', '2011-01-31T23:59Z', { country: 'Spain' }),
  order('cat', '2011-03-01T00:00Z'),
];
const store = storeOf({
  orders,
  refunds: [{ customerId: 'bob', eventTime: at('2011-02-10'), amount: 4_000 }],
});
const spring = { range: range('2011-01-01', '2011-04-30T22:00Z'), now: at('2011-04-30T22:00Z') };

test('of 60.00 there are 10.00 left once 50.00 are called off, whether they are given back or not', async () => {
  const sold = {
    eventTime: at('2011-01-03T10:00Z'),
    discount: 0,
    country: 'France',
    device: null,
    channel: null,
  };
  const goods = {
    orders: [
      { ...sold, subtotal: 10_000 },
      { ...sold, subtotal: 50_000 },
    ],
  };
  const cancelled = [{ orderId: 'gone', order: goods.orders[1]! }];
  const refunds = [{ ...sold, eventTime: at('2011-01-05T10:00Z'), orderId: 'gone', amount: 50_000 }];
  const left = async (facts: object) =>
    numbers(
      await ask(
        storeOf({ goods: { ...goods, ...facts } }),
        { metric: 'net_sales_without_cancelled', format: 'table' },
        spring,
      ),
    );
  assert.deepEqual(await left({}), [60]);
  assert.deepEqual(await left({ cancelled }), [10]);
  assert.deepEqual(await left({ cancelled, refunds }), [10]);
});

test('cohorts: which share of each month’s new customers orders again, month by month', async () => {
  const query = { metric: 'retention_rate', groupBy: 'cohort', interval: '1M' } as const;
  const result = await ask(store, query, { ...spring, range: range('2010-12-01', '2011-04-30T22:00Z') });
  assert.equal(times(result).length, 5);
  const cohorts = Object.fromEntries(
    result.frames[0]!.fields.slice(1).map(({ labels, values }) => [labels!.cohort, values]),
  );
  assert.deepEqual(cohorts, {
    '2011-01': [null, 1, 0.5, 0.5, 0],
    '2011-03': [null, null, null, 1, 0],
  });
});

test('cohorts are answered in their order, whichever is greatest', async () => {
  const query = { metric: 'ordering_customers', groupBy: 'cohort', format: 'table' } as const;
  const late = [order('dan', '2011-03-05'), order('eve', '2011-03-06')];
  const shown = table(await ask(storeOf({ orders: [...orders, ...late] }), query, spring));
  assert.deepEqual(Object.entries(shown), [
    ['2011-01', 2],
    ['2011-03', 3],
  ]);
});

test('a customer counts under the country of the first order, wherever the next ones go', async () => {
  const query = { metric: 'ordering_customers', groupBy: 'country', format: 'table' } as const;
  assert.deepEqual(table(await ask(store, query, spring)), { France: 2, Spain: 1 });
});

test('sales per customer to date are less what was given back, with numerator and denominator', async () => {
  const { frames } = await ask(store, { metric: 'sales_per_customer', interval: 'all' }, spring);
  assert.deepEqual(frames[0]!.fields[1]!.values, [46 / 3]);
  assert.deepEqual(frames[0]!.meta?.custom, { numerator: [46], denominator: [3] });
});

test('a quiet month has no new customers, one before the shop’s first day is unknown', async () => {
  const query = { metric: 'new_customers', interval: '1M' } as const;
  const result = await ask(store, query, { ...spring, range: range('2010-11-01', '2011-04-30T22:00Z') });
  assert.deepEqual(numbers(result), [null, null, 2, 0, 1, 0]);
});

test('what is left over beyond the limit adds up as other', async () => {
  const many = Array.from({ length: 9 }, (_, i) =>
    order(`c${i}`, '2011-01-03T10:00Z', { country: `Land ${i % 5}` }),
  );
  const query = { metric: 'customers_to_date', groupBy: 'country', format: 'table', limit: 2 } as const;
  const shown = table(await ask(storeOf({ orders: many }), query, spring));
  assert.deepEqual(Object.values(shown), [2, 2, 5]);
});

test('products out of stock are told as they are now, by category', async () => {
  const product = (stock: number | null, category: string | null): ProductFact => ({ stock, category });
  const products = [
    product(0, 'Mugs'),
    product(-2, 'Mugs'),
    product(3, 'Mugs'),
    product(0, null),
    product(null, 'Mugs'),
  ];
  const query = { metric: 'products_out_of_stock' } as const;
  const stocked = storeOf({ products });
  assert.deepEqual(table(await ask(stocked, { ...query, groupBy: 'category', format: 'table' }, spring)), {
    Mugs: 2,
    unknown: 1,
  });
  assert.deepEqual(numbers(await ask(stocked, { ...query, interval: '1M' }, spring)), [null, null, null, 3]);
});

test('a shop’s target is that of each of its days, and of a part of a day its share', async () => {
  const aiming = createMemoryStore({ shops: [{ ...shop, dailyTarget: 240_001 }], documents: [] });
  const target = (query: object, from: string, to: string) =>
    ask(aiming, { metric: 'sales_target', ...query }, { ...spring, range: range(from, to) });
  // The last Sunday of March has 23 hours in London.
  const days = await target({ interval: '1d' }, '2011-03-26', '2011-03-28T12:00Z');
  assert.deepEqual(numbers(days), [240.001, 240.001, 240.001]);
  const hours = numbers(await target({ interval: '1h' }, '2011-03-27', '2011-03-27T23:00Z'));
  assert.equal(hours.length, 23);
  assert.equal(Math.round(hours.reduce((sum: number, value) => sum + value!, 0) * 1_000), 240_001);
  const half = await target({ format: 'table' }, '2011-03-26', '2011-03-26T12:00Z');
  assert.deepEqual(numbers(half), [120.001]);
});

test('a shop that aims at nothing has no target, rather than one of zero', async () => {
  const query = { metric: 'sales_target', interval: '1M' } as const;
  assert.deepEqual(numbers(await ask(store, query, spring)), [null, null, null, null]);
  const lifetime = await ask(store, { ...query, interval: 'all' }, spring);
  assert.deepEqual(numbers(lifetime), [null]);
});

test('an answer tells how many facts were read', async () => {
  const { meta } = await ask(store, { metric: 'new_customers', interval: '1M' }, spring);
  assert.equal(meta.resolution, 'facts');
  assert.equal(meta.documents, 6);
});

test('a metric over facts is not kept by products, and says by what it is', async () => {
  const { error } = await ask(store, { metric: 'new_customers', groupBy: 'sku' }, spring);
  assert.equal(error?.code, 'dimension_not_of_metric');
  assert.match(error!.detail, /cohort/);
});

/** Counts how often the orders are read; the clock is moved by hand. */
function countedStore() {
  const state = { reads: 0, now: 0, fail: false };
  const counted = {
    ...store,
    orders: async function* (name: string) {
      state.reads++;
      if (state.fail) throw new ExporterError('store_unavailable', 'away');
      yield* store.orders(name);
    },
  };
  const snapshots = createSnapshots(counted, () => state.now, 1_000_000);
  const get = (version: string, signal = new AbortController().signal) =>
    snapshots.get('uk-retail', 'customers', version, 0, signal);
  return { state, get };
}

test('facts are read once for all that ask at the same time, and again when they may have changed', async () => {
  const { state, get } = countedStore();
  await Promise.all([1, 2, 3].map(() => get('v1')));
  state.now = 3_600_000;
  await get('v1');
  assert.equal(state.reads, 1);
  await get('v2');
  assert.equal(state.reads, 2);
});

test('facts that keep changing are not read again at once', async () => {
  const { state, get } = countedStore();
  const first = await get('v1');
  state.now = first.readMs;
  assert.equal((await get('v2')).readAt, 0);
  assert.equal(state.reads, 1);
});

test('a reading that failed is tried again', async () => {
  const { state, get } = countedStore();
  state.fail = true;
  await assert.rejects(get('v1'), /away/);
  state.fail = false;
  assert.equal((await get('v1')).documents, 6);
});

test('a shop with more facts than can be gone over is refused, not answered by half', async () => {
  const maxFacts = 100;
  const product: ProductFact = { stock: 0, category: 'Mugs' };
  const crowded = {
    ...store,
    products: async function* () {
      for (let i = 0; i <= maxFacts; i++) yield product;
    },
  };
  const { error } = await ask(crowded, { metric: 'products_out_of_stock' }, { ...spring, maxFacts });
  assert.equal(error?.code, 'too_many_facts');
  assert.match(error!.detail, /uk-retail has more than 100 orders/);
});
