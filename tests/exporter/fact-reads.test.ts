import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createMongoStore } from '@storepulse/exporter/store/mongo-store';
import type { MetricStore } from '@storepulse/exporter/store/store';
import { ask, askRows } from '@storepulse/exporter/testing/ask';
import { createMemoryStore } from '@storepulse/exporter/testing/memory-store';
import { makeShop } from '@storepulse/exporter/testing/shops';
import { type Database, openDatabase, prepareDatabase } from '@storepulse/processor/store/database';
import { type Servers, useServers } from '../support/servers.ts';

const shop = makeShop();
const BEGIN = Date.UTC(2025, 0, 1);
const DAY = 86_400_000;
const range = { from: BEGIN, to: BEGIN + 300 * DAY };
/** In an order that differs between UTF-8 bytes and UTF-16 units. */
const CUSTOMERS = ['\u{1f600}', '\uffff', 'ann', 'Änne', '', null];
const visit = (i: number) => ({
  shop: shop.shop,
  country: ['France', 'Spain', null][i % 3]!,
  device: 'mobile',
  channel: 'email',
});
const orders = Array.from({ length: 60 }, (_, i) => ({
  ...visit(i),
  customerId: CUSTOMERS[(i * 7) % CUSTOMERS.length]!,
  eventTime: BEGIN + ((i * 37) % 290) * DAY,
  subtotal: 1_000 + i,
  discount: i % 5,
  lines: [{ sku: 'A' }],
  ...(i % 4 === 0 ? {} : { paymentMethod: 'card' }),
}));
const refunds = Array.from({ length: 12 }, (_, i) => ({
  ...visit(i),
  customerId: CUSTOMERS[i % CUSTOMERS.length]!,
  eventTime: BEGIN + i * 20 * DAY,
  orderId: i % 4 === 0 ? null : String(i * 3),
  amount: 100 + i,
  ...(i % 3 === 0 ? { shipping: 20, tax: i } : {}),
  ...(i % 2 === 0 ? { discountAsSold: 7 } : {}),
}));
const edits = Array.from({ length: 12 }, (_, i) => ({
  ...visit(i),
  customerId: CUSTOMERS[(i * 5) % CUSTOMERS.length]!,
  eventTime: BEGIN + i * 21 * DAY,
  orderId: String(i * 4),
  total: 90 - i * 20,
  shipping: i % 2 === 0 ? -10 : 0,
  tax: i - 5,
  ...(i % 3 === 0 ? { discountAsSold: 9 } : {}),
}));
/** Of every third order, and of one that was never told. */
const cancelled = [...Array.from({ length: 20 }, (_, i) => i * 3), 1_000];
const payments = Array.from({ length: 40 }, (_, i) => ({
  ...visit(i),
  orderId: `order-${i % 17}`,
  eventTime: BEGIN + ((i * 11) % 280) * DAY,
  type: i % 3 === 0 ? ('payment_authorized' as const) : ('payment_failed' as const),
  method: ['card', 'paypal'][i % 2]!,
}));
const products = Array.from({ length: 9 }, (_, i) => ({
  shop: shop.shop,
  stock: [0, 5, null][i % 3]!,
  category: 'Mugs',
}));
const identified = <T extends { customerId: string | null }>(facts: T[]) =>
  facts.filter((fact): fact is T & { customerId: string } => Boolean(fact.customerId));

/** Visits before, in and after the range. */
const visits = Array.from({ length: 40 }, (_, i) => ({
  ...visit(i),
  task: 'facts/0',
  firstTime: BEGIN + (i - 5) * 10 * DAY,
  firstEventId: `event-${i}`,
  lastTime: BEGIN + (i - 5) * 10 * DAY + 9_000,
  steps: {
    viewed: [BEGIN + (i - 5) * 10 * DAY + 1_000],
    ...(i % 2 === 0 ? { carted: [3_000, 5_000].map((ms) => BEGIN + (i - 5) * 10 * DAY + ms) } : {}),
  },
  interactions: [],
  settled: i !== 30,
}));

let servers: Servers;
let database: Database;
let store: MetricStore;

before(async () => {
  servers = await useServers({ kafka: false });
  const settings = { uri: servers.mongoUri, database: servers.unique('fact-reads') };
  database = await openDatabase(settings);
  await prepareDatabase(database);
  store = createMongoStore(settings);
  const { type: _, ...record } = shop;
  const insert = (name: string, documents: object[]) =>
    database.db
      .collection<{ _id: string }>(name)
      .insertMany(documents.map((document, i) => ({ _id: `${shop.shop}|${i}`, ...document })));
  await insert('shops', [record]);
  await insert('orders', orders);
  await insert('refunds', refunds);
  await insert('order-edits', edits);
  await database.db
    .collection<{ _id: string }>('cancellations')
    .insertMany(
      cancelled.map((order) => ({ _id: `${shop.shop}|${order}`, shop: shop.shop, eventTime: BEGIN })),
    );
  await insert('payments', payments);
  await insert('products', products);
  await insert('sessions', visits);
});

after(async () => {
  await store?.close();
  await database?.close();
  await servers?.[Symbol.asyncDispose]();
});

test('MongoDB answers metrics over facts as the same facts in memory do', async () => {
  const memory = createMemoryStore({
    shops: [shop],
    documents: [],
    facts: {
      orders: identified(orders).map((order) => ({ paymentMethod: null, ...order })),
      refunds: identified(refunds),
      edits: identified(edits),
      payments,
      products,
      goods: {
        cancelled: cancelled.map((i) => ({ orderId: String(i), ...(orders[i] ? { order: orders[i] } : {}) })),
        orders,
        edits,
        refunds,
      },
    },
  });
  const queries = [
    { metric: 'sales_per_customer', interval: '1M' },
    { metric: 'ordering_customers', groupBy: 'payment_method', format: 'table' },
    { metric: 'retention_rate', groupBy: 'cohort', interval: '1M' },
    { metric: 'customer_net_sales', groupBy: 'segment', interval: '1w' },
    { metric: 'net_sales_without_cancelled', interval: '1M' },
    { metric: 'net_sales_without_cancelled', groupBy: 'country', format: 'table' },
    { metric: 'payment_failure_rate_by_order', groupBy: 'country', format: 'table' },
    { metric: 'failed_payment_orders', interval: '1d' },
    { metric: 'products_out_of_stock', groupBy: 'category', format: 'table' },
  ] as const;
  for (const query of queries) {
    const [expected, actual] = await Promise.all([
      ask(memory, query, { range }),
      ask(store, query, { range }),
    ]);
    assert.ok(expected.frames[0]!.fields.at(-1)!.values.some((value) => value !== null && value !== 0));
    assert.deepEqual(actual.frames[0]!.fields, expected.frames[0]!.fields, JSON.stringify(query));
    assert.equal(actual.meta.documents, expected.meta.documents);
  }
});

test('MongoDB answers funnels and cohorts as the same visits and facts in memory do, from an index', async () => {
  const orders_ = identified(orders).map((order) => ({ paymentMethod: null, ...order }));
  const memory = createMemoryStore({
    ...{ shops: [shop], documents: [], visits },
    facts: { orders: orders_, refunds: identified(refunds), edits: identified(edits) },
  });
  const steps = ['visited', 'viewed', 'carted', 'ordered'] as const;
  const queries = [
    { type: 'funnel', steps: [...steps] },
    { type: 'funnel', steps: [...steps], open: true, groupBy: 'country' },
    { type: 'cohort', months: 10 },
  ] as const;
  await database.db.command({ profile: 2 });
  for (const query of queries) {
    const [expected, actual] = await Promise.all(
      [memory, store].map((each) => askRows(each, query as never, { range })),
    );
    assert.ok(expected!.frames[0]!.fields.some(({ values }) => values.some((value) => Number(value) > 0)));
    assert.deepEqual(actual!.frames, expected!.frames);
    assert.equal(actual!.meta.documents, expected!.meta.documents);
  }
  await database.db.command({ profile: 0 });
  const ns = `${database.db.databaseName}.sessions`;
  const reads = await database.db.collection('system.profile').find({ ns, op: 'query' }).toArray();
  assert.equal(reads.length, 2);
  const within = visits.filter(({ firstTime }) => range.from <= firstTime && firstTime < range.to).length;
  assert.deepEqual([...new Set(reads.map(({ docsExamined }) => docsExamined))], [within]);
  await database.db.dropCollection('system.profile');
});

test('facts are read from indexes alone, already in order', async () => {
  await database.db.command({ profile: 2 });
  const { orders, edits, refunds, goodsOfOrders, payments, products } = store;
  for (const read of [orders, edits, refunds, goodsOfOrders, payments, products])
    for await (const _ of read(shop.shop));
  await database.db.command({ profile: 0 });
  const reads = await database.db
    .collection('system.profile')
    .find({ op: 'query' }, { projection: { ns: 1, docsExamined: 1, hasSortStage: 1, planSummary: 1 } })
    .toArray();
  assert.equal(reads.length, 6);
  for (const { ns, docsExamined, hasSortStage, planSummary } of reads) {
    assert.equal(docsExamined, 0, `${ns} ${planSummary}`);
    assert.equal(hasSortStage ?? false, false, ns);
  }
});

test('a first day is read from the beginnings of the groups, however many days they have', async () => {
  const groups = ['audience', 'operations', 'sales', 'sessions'];
  const day = (group: string, n: number) => ({
    _id: `${shop.shop}|${group}|${n}`,
    ...{ shop: shop.shop, group, part: 'narrow', resolution: '1d', start: new Date(BEGIN + n * DAY) },
  });
  await database.db
    .collection<{ _id: string }>('metrics')
    .insertMany(groups.flatMap((group, g) => Array.from({ length: 365 }, (_, n) => day(group, n + 3 - g))));
  const ns = `${database.db.databaseName}.metrics`;
  await database.db.command({ profile: 2, filter: { ns } });
  assert.equal(await store.firstDay(shop.shop, groups), BEGIN);
  assert.equal(await store.firstDay(shop.shop, groups.slice(0, 2)), BEGIN + 2 * DAY);
  assert.equal(await store.firstDay('another', groups), null);
  await database.db.command({ profile: 0 });
  const reads = await database.db.collection('system.profile').find({ ns }).toArray();
  assert.equal(reads.length, 3);
  for (const { keysExamined, docsExamined } of reads) {
    assert.ok(keysExamined <= 2 * groups.length, `${keysExamined} keys`);
    assert.ok(docsExamined <= 1, `${docsExamined} documents`);
  }
});
