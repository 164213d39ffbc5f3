import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { RECORD_KINDS, RECORDS } from '@storepulse/contracts';
import { wordsOf } from '@storepulse/exporter/records/find-records';
import { createMongoStore } from '@storepulse/exporter/store/mongo-store';
import { recordQuery } from '@storepulse/exporter/store/record-reads';
import type { RecordSelection } from '@storepulse/exporter/store/records';
import type { MetricStore } from '@storepulse/exporter/store/store';
import { createMemoryStore } from '@storepulse/exporter/testing/memory-store';
import { makeOrder, makeProduct, makeReview } from '@storepulse/exporter/testing/records';
import { makeShop } from '@storepulse/exporter/testing/shops';
import { type Database, openDatabase, prepareDatabase } from '@storepulse/processor/store/database';
import fc from 'fast-check';
import { BSON } from 'mongodb';
import { type Servers, useServers } from '../support/servers.ts';

const { shop } = makeShop();
const TIME = Date.UTC(2026, 5, 1);
const COUNTRIES = ['France', 'Spain', 'Malta', null];
const MANY = 400;
const numbers = Array.from({ length: MANY }, (_, i) => i);
const place = (i: number) => ({ country: COUNTRIES[i % 4], eventTime: TIME + (i % 50) * 1_000 });
const customer = (i: number) => ({
  ...{ _id: `${shop}|c${i}`, shop, customerId: `c${i}`, ...place(i), city: null, createdAt: TIME + (i % 30) },
});
/** With many of the same value, some without one, and shops whose names begin alike. */
const records = {
  orders: [
    ...numbers.map((i) =>
      makeOrder(`o${i}`, { ...place(i), total: (i * 7) % 60, customerId: i % 3 === 0 ? null : `c${i % 20}` }),
    ),
    makeOrder('o1', { _id: `${shop}-2|o1`, shop: `${shop}-2` }),
  ],
  customers: numbers.map(customer),
  products: [
    ...numbers.map((i) => makeProduct(`p${i}`, { price: (i * 3) % 40, stock: i % 5 === 0 ? null : i % 9 })),
    makeProduct('p1', { _id: `${shop}-2|p1`, shop: `${shop}-2` }),
  ],
  reviews: numbers.map((i) =>
    makeReview(`review-${i}`, { ...place(i), sku: `p${i % 9}`, rating: 1 + (i % 5) }),
  ),
};
const memory = createMemoryStore({ shops: [], documents: [], records });

let servers: Servers;
let database: Database;
let store: MetricStore;

before(async () => {
  servers = await useServers({ kafka: false });
  const settings = { uri: servers.mongoUri, database: servers.unique('records') };
  database = await openDatabase(settings);
  await prepareDatabase(database);
  for (const kind of RECORD_KINDS)
    await database.db
      .collection<{ _id: string }>(RECORDS[kind].collection)
      .insertMany(records[kind] as { _id: string }[]);
  store = createMongoStore(settings);
});

after(async () => {
  await store?.close();
  await database?.close();
  await servers?.[Symbol.asyncDispose]();
});

const idsOf = async (over: MetricStore, selection: RecordSelection, limit: number) => {
  const ids: string[] = [];
  for await (const batch of over.records(selection, limit))
    ids.push(...batch.map((document) => BSON.deserialize(document)._id));
  return ids;
};

const conditions = {
  orders: [
    { field: 'country', in: ['France', 'Malta'] },
    { field: 'customerId', in: ['c1'] },
    { field: 'total', atLeast: 5, atMost: 40 },
    { field: 'lines.sku', in: ['sku-1'] },
    { field: '_id', in: [`${shop}|o7`, `${shop}|o8`] },
  ],
  customers: [
    { field: 'country', in: ['Spain'] },
    { field: 'createdAt', atLeast: TIME + 3 },
  ],
  products: [
    { field: 'stock', atMost: 4 },
    { field: 'price', below: 20 },
    { field: '_id', in: [`${shop}|p3`] },
  ],
  reviews: [
    { field: 'rating', in: [1, 5] },
    { field: 'sku', in: ['p1'] },
    { field: 'eventTime', below: TIME + 9 },
  ],
} as const;

const selections: fc.Arbitrary<RecordSelection> = fc.constantFrom(...RECORD_KINDS).chain((kind) =>
  fc
    .record({
      sort: fc.constantFrom(...RECORDS[kind].sorts),
      conditions: fc.subarray<RecordSelection['conditions'][number]>([...conditions[kind]]),
      from: fc.option(fc.integer({ min: 0, max: MANY - 1 })),
    })
    .map(({ from, sort, ...rest }) => {
      const { [sort.field]: value = null, _id: id } = (from === null ? {} : records[kind][from]!) as Record<
        string,
        string | number | null
      >;
      const begin = from === null ? {} : { after: { value, id: id as string } };
      return { kind, shop, sort, ...rest, ...begin };
    }),
);

test('MongoDB answers what the records come to, in any order, behind any record', async () => {
  await fc.assert(
    fc.asyncProperty(selections, fc.integer({ min: 1, max: 100 }), async (selection, limit) => {
      assert.deepEqual(await idsOf(store, selection, limit), await idsOf(memory, selection, limit));
    }),
    { numRuns: 60 },
  );
});

test('a page is read from where the one before has ended, however far into the list that is', async () => {
  const LIMIT = 20;
  for (const kind of RECORD_KINDS) {
    for (const sort of RECORDS[kind].sorts) {
      const all = await idsOf(memory, { kind, shop, sort, conditions: [] }, MANY);
      const last = records[kind].find(({ _id }) => _id === all[MANY / 2])! as Record<string, unknown>;
      const end = { value: (last[sort.field] ?? null) as number | null, id: last._id as string };
      for (const after of [undefined, end]) {
        const query = recordQuery({ kind, shop, sort, conditions: [], ...(after ? { after } : {}) });
        const plan = await database.db
          .collection<{ _id: string }>(query.collection)
          .find(query.filter as object, { sort: query.sort, limit: LIMIT })
          .explain('executionStats');
        const { totalDocsExamined, totalKeysExamined } = plan.executionStats;
        const name = `${kind} by ${sort.name}${after ? ' behind a record' : ''}`;
        // Of each alternative, one record is read ahead.
        assert.ok(totalDocsExamined <= LIMIT + 3, `${name}: ${totalDocsExamined} documents`);
        assert.ok(totalKeysExamined <= 2 * LIMIT + 6, `${name}: ${totalKeysExamined} keys`);
      }
    }
  }
});

test('MongoDB finds records by the begin of an id or a name, whatever its case, and by all words', async () => {
  const named = (sku: string, name: string, fields: object = {}) => makeProduct(sku, { name, ...fields });
  await database.db
    .collection<{ _id: string }>('products')
    .insertMany([
      named('lamp-1', 'Écharpe rouge'),
      named('lamp-2', 'echarpe BLEUE', { supplier: 'Rouge & Fils' }),
      named('lamp-3', 'Chaise', { shop: `${shop}-2`, _id: `${shop}-2|lamp-3` }),
      named('x', 'lampe rouge'),
    ]);
  const find = async (text: string, limit = 10) => {
    const words = wordsOf(text);
    const found = await store.search({ kind: 'products', shop, text, words, limit });
    const skusOf = (documents: readonly Buffer[]) =>
      documents.map((document) => BSON.deserialize(document).sku as string);
    return { id: skusOf(found.id), begin: skusOf(found.begin), words: skusOf(found.words).sort() };
  };
  assert.deepEqual(await find('lamp'), { id: ['lamp-1', 'lamp-2'], begin: ['x'], words: [] });
  assert.deepEqual(await find('lamp', 1), { id: ['lamp-1'], begin: ['x'], words: [] });
  assert.deepEqual((await find('ECHARPE')).begin.sort(), ['lamp-1', 'lamp-2']);
  assert.deepEqual((await find('echarpe b')).begin, ['lamp-2']);
  assert.deepEqual((await find('rouge')).words, ['lamp-1', 'lamp-2', 'x']);
  assert.deepEqual((await find('rouge lampe')).words, ['x']);
  assert.deepEqual((await find('rouge -lampe')).words, ['x']);
  assert.deepEqual((await find('chaise')).words, []);
  for (const hostile of ['"', '\\', '$where', '"rouge', '\u0000', '\uffff'])
    assert.deepEqual((await find(hostile)).id, [], hostile);
});

test('a word that every record has is looked for in some of them', async () => {
  const { words } = await store.search({ kind: 'products', shop, text: 'toys', words: ['toys'], limit: 5 });
  assert.equal(words.length, 5);
  const customers = await store.search({ kind: 'customers', shop, text: 'c1', words: ['c1'], limit: 3 });
  assert.equal(customers.id.length, 3);
});
