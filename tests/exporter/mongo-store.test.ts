import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  type AnnotationDocument,
  COLLECTIONS,
  catalog,
  type MetricDocument,
  SettingsError,
  unescapeField,
} from '@storepulse/contracts';
import { ExporterError } from '@storepulse/exporter/errors';
import { LIFETIME_TILE, type Tile } from '@storepulse/exporter/query/tiles';
import { createMongoStore } from '@storepulse/exporter/store/mongo-store';
import type { MetricStore } from '@storepulse/exporter/store/store';
import { appOver } from '@storepulse/exporter/testing/app';
import { ask, numbers, table } from '@storepulse/exporter/testing/ask';
import { documentsOf, type Happening } from '@storepulse/exporter/testing/documents';
import { createMemoryStore } from '@storepulse/exporter/testing/memory-store';
import { makeShop } from '@storepulse/exporter/testing/shops';
import { spreadOut } from '@storepulse/exporter/testing/spread';
import { MongoClient } from 'mongodb';
import { type Servers, startTestServers, useServers } from '../support/servers.ts';

const shop = makeShop();
/** Midnight in London, in summer. */
const BEGIN = Date.UTC(2025, 4, 31, 23);
const MINUTE = 60_000;
const COUNTRIES = ['France', 'Spain', 'Malta', 'a.b', '$c', '%'];
const happenings: Happening[] = Array.from({ length: 300 }, (_, i) => ({
  time: BEGIN + i * 7 * MINUTE,
  adds: {
    gross_sales: 1_000 + i,
    returns: i % 3,
    orders: 1,
    buyers: `visitor-${i % 40}`,
    adjustments: -(i % 2),
  },
  dimensions: { country: COUNTRIES[i % COUNTRIES.length]!, sku: `sku-${i % 90}` },
}));
const documents = documentsOf(catalog, shop, happenings);
const range = { from: BEGIN + 3 * MINUTE, to: BEGIN + 30 * 60 * MINUTE + 20_000 };
const progress = {
  offsets: { transactions: 1 },
  watermarks: { [shop.shop]: BEGIN + 20 * 60 * MINUTE },
  latest: { [shop.shop]: BEGIN + 21 * 60 * MINUTE },
};
const memory = createMemoryStore({ shops: [shop], documents, progress: [progress] });

let name: string;
let servers: Servers;
let client: MongoClient;
let store: MetricStore;

before(async () => {
  servers = await useServers({ kafka: false });
  client = await MongoClient.connect(servers.mongoUri);
  name = servers.unique('mongo-store');
  store = createMongoStore({ uri: servers.mongoUri, database: name });
  const db = client.db(name);
  const { type: _, ...record } = shop;
  await db.collection<{ _id: string }>(COLLECTIONS.shops).insertOne({ _id: shop.shop, ...record });
  // As stored once countries have grown beyond the first document of a window.
  const stored = spreadOut(documents, 'country');
  await db.collection<{ _id: string }>(COLLECTIONS.metrics).insertMany(stored);
  await db.collection<{ _id: string }>(COLLECTIONS.checkpoints).insertOne({ _id: 'facts/0', ...progress });
});

after(async () => {
  await store?.close();
  await client?.close();
  await servers?.[Symbol.asyncDispose]();
});

test('annotations that touch a time are found: what ends in it, what goes on, what has all the tags', async () => {
  const annotations = client.db(name).collection<AnnotationDocument>(COLLECTIONS.annotations);
  const annotation = (id: string, start: number, end?: number): AnnotationDocument => ({
    ...{ _id: `${shop.shop}|${id}`, shop: shop.shop, title: id, text: '', tags: ['a', id], start },
    ...(end === undefined ? {} : { end }),
  });
  await annotations.insertMany([
    annotation('ended', BEGIN, BEGIN + 10),
    annotation('touches', BEGIN, BEGIN + 100),
    annotation('goes on', BEGIN + 1),
    annotation('later', BEGIN + 200, BEGIN + 200),
    { ...annotation('other', BEGIN), _id: 'other|other', shop: 'other' },
    // Its begin has not come yet.
    { _id: `${shop.shop}|end alone`, shop: shop.shop, end: BEGIN + 60 },
  ]);
  const idsOf = async (tags: string[], limit: number) => {
    const found = await store.annotations(
      { shop: shop.shop, from: BEGIN + 50, to: BEGIN + 200, tags },
      limit,
    );
    return found.map(({ title }) => title);
  };
  assert.deepEqual(await idsOf([], 10), ['touches', 'goes on']);
  assert.deepEqual(await idsOf([], 1), ['goes on']);
  assert.deepEqual(await idsOf(['touches', 'a'], 10), ['touches']);
});

test('hours that late events have corrected are found, from the index over corrected windows alone', async (t) => {
  const metrics = client.db(servers.unique('revisions')).collection<MetricDocument>(COLLECTIONS.metrics);
  t.after(() => client.db(metrics.dbName).dropDatabase());
  const corrected = documents.map((document, i) => ({
    ...document,
    final: true,
    revision: i % 7 === 0 ? 1 + (i % 3) : 0,
  }));
  await metrics.insertMany(corrected);
  await metrics.createIndex({ shop: 1, start: 1 }, { partialFilterExpression: { revision: { $gt: 0 } } });
  const database = createMongoStore({ uri: servers.mongoUri, database: metrics.dbName });
  t.after(() => database.close());
  const wanted = createMemoryStore({ shops: [shop], documents: corrected });
  for (const limit of [3, 1_000]) {
    const found = await database.revisions({ shop: shop.shop, ...range }, limit);
    assert.ok(found.length >= 3);
    assert.deepEqual(found, await wanted.revisions({ shop: shop.shop, ...range }, limit));
  }
});

test('what can be held of an answer is told by what MongoDB has counted, and is taken back when it counts more', async (t) => {
  const db = client.db(servers.unique('held'));
  t.after(() => db.dropDatabase());
  const { type: _, ...record } = shop;
  await db.collection<{ _id: string }>(COLLECTIONS.shops).insertOne({ _id: shop.shop, ...record });
  await db.collection<{ _id: string }>(COLLECTIONS.checkpoints).insertOne({ _id: 'facts/0', ...progress });
  const two = documents.map((document) => ({ ...document, version: 2 }));
  await db.collection<MetricDocument>(COLLECTIONS.metrics).insertMany(two);
  const partials = db.collection<{ _id: string; window: string; seq: number }>(COLLECTIONS.partials);
  const shares = two.flatMap(({ _id }) =>
    ['a', 'b'].map((task) => ({ _id: `${task}|${_id}`, window: _id, seq: 1 })),
  );
  await partials.insertMany(shares);
  const database = createMongoStore({ uri: servers.mongoUri, database: db.databaseName });
  t.after(() => database.close());
  const query = { metric: 'aov', interval: '5m' } as const;
  const options = { range, now: range.to };
  const inMemory = createMemoryStore({ shops: [shop], documents: two, progress: [progress] });
  const { held } = (await ask(database, { ...query, held: [] }, options)).meta;
  assert.ok(held && held.length > 3);
  assert.deepEqual(held, (await ask(inMemory, { ...query, held: [] }, options)).meta.held);
  const answeredFrom = async () => (await ask(database, { ...query, held }, options)).meta.answeredFrom;
  assert.equal(await answeredFrom(), held.at(-1)!.until);
  // A late event: counted by one of the tasks, and not merged yet.
  const late = two.find(
    ({ group, resolution, start }) =>
      group === 'sales' && resolution === '1m' && start.getTime() >= held[2]!.until,
  )!;
  await partials.updateOne({ _id: `a|${late._id}` }, { $inc: { seq: 1 } });
  assert.equal(await answeredFrom(), held[2]!.until);
});

test('a database that holds nothing has no layout', async () => {
  const empty = createMongoStore({ uri: servers.mongoUri, database: servers.unique('mongo-store-empty') });
  assert.equal(await empty.layoutVersion(), null);
  assert.deepEqual(await empty.shops(), []);
  await empty.close();
});

test('MongoDB answers every query as the same documents in memory do', async () => {
  const queries = [
    { metric: 'gross_sales', interval: '1h' },
    { metric: 'net_after_adjustments', format: 'table' },
    { metric: 'orders', interval: 'all' },
    { metric: 'buyers', interval: '5m' },
    { metric: 'buyers', interval: '1d' },
    { metric: 'aov', interval: '1d' },
    { metric: 'units', groupBy: 'sku', format: 'table', limit: 5 },
    { metric: 'gross_sales', groupBy: 'country', interval: '1h', limit: 3 },
    { metric: 'gross_sales', filters: [{ dimension: 'sku', operator: 'in', values: ['sku-1', 'sku-2'] }] },
  ] as const;
  for (const query of queries) {
    const copy = structuredClone(query) as Parameters<typeof ask>[1];
    const [expected, actual] = await Promise.all([ask(memory, copy, { range }), ask(store, copy, { range })]);
    assert.ok(expected.frames[0]!.fields.at(-1)!.values.length > 0);
    assert.deepEqual(actual.frames[0]!.fields, expected.frames[0]!.fields, JSON.stringify(query));
  }
});

test('values that look like paths or operators are read as they are', async () => {
  const gross = table(await ask(store, { groupBy: 'country', format: 'table' }, { range }));
  assert.deepEqual(Object.keys(gross).sort(), [...COUNTRIES].sort());
  const parts = ['narrow', 'country'];
  const selection = { shop: shop.shop, groups: ['sales', 'audience'], parts, dimension: 'country' };
  const valuesIn = async (tiles: readonly Tile[]) =>
    [...(await store.dimensionValues({ ...selection, tiles }))].sort();
  assert.deepEqual(await valuesIn([LIFETIME_TILE]), [...COUNTRIES].sort());
  assert.deepEqual(await valuesIn([{ resolution: '1d', ...range }]), [...COUNTRIES].sort());
  assert.deepEqual(await valuesIn([{ resolution: '1d', from: 0, to: 1 }]), []);
  assert.deepEqual(await valuesIn([]), []);
});

test('lifetimes, the first day and the tasks’ progress are read', async () => {
  const lifetimes = await store.lifetimes([shop.shop], ['sales']);
  assert.equal(lifetimes[0]?.cells.total?.all?.orders, 300);
  const countries = lifetimes.flatMap(({ cells }) => Object.keys(cells.country ?? {})).map(unescapeField);
  assert.deepEqual(countries.sort(), [...COUNTRIES].sort());
  assert.deepEqual(lifetimes[0]?.leftOut, []);
  assert.equal(await store.firstDay(shop.shop, ['sales']), BEGIN);
  assert.equal(await store.firstDay('nowhere', ['sales']), null);
  assert.deepEqual((await store.progress())[0]?.latest, progress.latest);
});

test('of a lifetime with very many further documents the first is read alone, and what it leaves out is named', async () => {
  const vast = { shop: 'vast', group: 'sales', resolution: 'all' };
  const further = Array.from({ length: 300 }, (_, n) => ({
    ...{ _id: `vast|sales|country|all|0|${n + 1}`, ...vast, part: 'country', bucket: n + 1 },
    cells: { country: { [`Country ${n}`]: { orders: 1 } } },
  }));
  const first = { _id: 'vast|sales|narrow|all|0|0', ...vast, part: 'narrow', bucket: 0, spread: ['country'] };
  const cells = {
    total: { all: { orders: 301 } },
    country: { France: { orders: 1 } },
    device: { mobile: { orders: 301 } },
  };
  await client
    .db(name)
    .collection<{ _id: string; cells: object }>(COLLECTIONS.metrics)
    .insertMany([{ ...first, cells }, ...further]);
  const { total, device } = cells;
  assert.deepEqual(await store.lifetimes(['vast'], ['sales']), [
    { shop: 'vast', group: 'sales', cells: { total, device }, leftOut: ['country'] },
  ]);
});

test('more windows than the limit are refused', async () => {
  const tiles = [{ resolution: '10s' as const, ...range }];
  const selection = { shop: shop.shop, groups: ['sales'], parts: ['narrow'], dimension: 'total', tiles };
  const read = async (limit: number) => {
    let windows = 0;
    for await (const batch of store.windows(selection, limit)) windows += batch.length;
    return windows;
  };
  const count = await read(1_000);
  assert.equal(await read(count), count);
  await assert.rejects(
    read(count - 1),
    (error) => error instanceof ExporterError && error.code === 'too_many_windows',
  );
});

test('a hostile value in any field reaches MongoDB as a text, or not at all', async () => {
  const db = client.db(name);
  await db.command({ profile: 2 });
  const app = await appOver(store);
  const hostile = [
    { $ne: null },
    { $gt: '' },
    '$where',
    '{"$ne":1}',
    'cells.total',
    '__proto__',
    'a\0b',
    '$$ROOT',
    ['x'],
  ];
  const base = { refId: 'A', shop: shop.shop, metric: 'gross_sales', format: 'table' };
  const filter = { dimension: 'country', operator: 'in', values: ['France'] };
  const queries = hostile.flatMap((value) => [
    ...['refId', 'shop', 'metric', 'groupBy', 'interval', 'format', 'limit', 'filters'].map((field) => ({
      ...base,
      [field]: value,
    })),
    ...['dimension', 'operator', 'values'].map((field) => ({
      ...base,
      filters: [{ ...filter, [field]: value }],
    })),
    { ...base, filters: [{ ...filter, values: [value] }] },
  ]);
  for (const query of queries) {
    const response = await app.inject({
      method: 'POST',
      url: '/api/v1/query',
      payload: { range, queries: [query] },
    });
    assert.ok([200, 400].includes(response.statusCode), `${JSON.stringify(query)} → ${response.body}`);
  }
  for (const name of ['shop', 'prefix', 'limit'])
    await app.inject({
      url: '/api/v1/dimensions/country/values',
      query: { shop: shop.shop, [name]: '{"$ne":1}' },
    });
  await db.command({ profile: 0 });

  const profiled = await db
    .collection('system.profile')
    .find({ 'command.filter': { $exists: true } })
    .toArray();
  const filters = profiled.map(({ command }) => command.filter as object);
  assert.ok(filters.length > queries.length);
  const known = ['$or', '$in', '$gte', '$lt'];
  assert.deepEqual(
    [...new Set(filters.flatMap(operatorsIn))].filter((operator) => !known.includes(operator)),
    [],
  );
});

/** All keys of a filter, at any depth, that MongoDB reads as operators. */
function operatorsIn(value: unknown): string[] {
  if (value === null || typeof value !== 'object' || value instanceof Date) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(key.startsWith('$') ? [key] : []),
    ...operatorsIn(inner),
  ]);
}

test('a filter by values that look like operators and paths finds exactly those', async () => {
  const filters = [{ dimension: 'country', operator: 'in' as const, values: ['$c', '$where', 'a.b'] }];
  const wanted = happenings.filter(({ dimensions }) => ['$c', 'a.b'].includes(dimensions!.country!));
  const everything = { range: { from: BEGIN, to: BEGIN + 60 * 60 * MINUTE } };
  const result = await ask(store, { metric: 'orders', format: 'table', filters }, everything);
  assert.deepEqual(numbers(result), [wanted.length]);
});

test('a server that is away is told without its address or login', async () => {
  const away = createMongoStore({
    uri: 'mongodb://user:hunter2@127.0.0.1:9/?serverSelectionTimeoutMS=100&authSource=admin',
    database: 'shop',
  });
  const facts = async () => {
    for await (const _ of away.orders('shop')) assert.fail('nothing can be read');
  };
  await assert.rejects(
    facts,
    (error) => error instanceof ExporterError && error.code === 'store_unavailable',
  );
  await assert.rejects(away.shops(), (error) => {
    assert.ok(error instanceof ExporterError);
    assert.equal(error.code, 'store_unavailable');
    assert.match(error.message, /MONGODB_URI/);
    assert.doesNotMatch(error.message, /hunter2|127\.0\.0\.1/);
    return true;
  });
  await away.close();
});

test('a server that comes up late, or goes and comes back, is read again', async () => {
  const late = await startTestServers({ kafka: false });
  const waiting = createMongoStore({ uri: late.mongoUri, database: 'shop' });
  try {
    for (const when of ['before it was ever there', 'after it was there']) {
      await late.mongo.stop();
      await assert.rejects(waiting.shops(), ExporterError, when);
      await late.mongo.start();
      assert.deepEqual(await waiting.shops(), [], when);
    }
  } finally {
    await waiting.close();
    await late[Symbol.asyncDispose]();
  }
});

test('a connection string that can not be used is a fault of the settings', () => {
  assert.throws(() => createMongoStore({ uri: 'mongodb://h:x', database: 'shop' }), SettingsError);
});
