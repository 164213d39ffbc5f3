import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RECORDS, type RecordKind, SearchResponse } from '@storepulse/contracts';
import { Value } from 'typebox/value';
import { appOver } from '../testing/app.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeOrder, makeProduct, makeReview } from '../testing/records.ts';
import { makeShop } from '../testing/shops.ts';

const shop = makeShop();
const customer = {
  ...{ _id: `${shop.shop}|mug-lover`, shop: shop.shop, customerId: 'mug-lover', eventTime: 0, createdAt: 0 },
  ...{ name: 'Mugatu', email: 'm@example.org', country: 'France', lastLoginAt: null },
};
const records = {
  orders: [
    makeOrder('mug-1'),
    makeOrder('lamp-1'),
    makeOrder('mug-2', { shop: 'other', _id: 'other|mug-2' }),
  ],
  products: [
    makeProduct('A', { name: 'Blue mug' }),
    makeProduct('B', { name: 'Mug, blue' }),
    makeProduct('mug', { name: 'Mug' }),
    makeProduct('C', { name: 'Blueprint' }),
  ],
  reviews: [makeReview('review-1', { text: 'A fine mug.' }), makeReview('review-2', { text: 'mugs' })],
  customers: [customer],
};
const app = await appOver(createMemoryStore({ shops: [shop], documents: [], records }));
const search = async (parameters: string) => {
  const answer = await app.inject(`/api/v1/search?shop=${shop.shop}&${parameters}`);
  return { status: answer.statusCode, body: answer.json() };
};
const foundBy = async (parameters: string) => {
  const { status, body } = await search(parameters);
  assert.equal(status, 200, JSON.stringify(body));
  assert.ok(Value.Check(SearchResponse, body));
  return body.results.map(
    ({ kind, match, record }: { kind: RecordKind; match: string; record: Record<string, unknown> }) =>
      `${kind} ${match} ${record[RECORDS[kind].id]}`,
  );
};

test('what fits best comes first: ids, begins, words; each record once', async () => {
  assert.deepEqual(await foundBy('q=mug'), [
    ...['orders id mug-1', 'customers id mug-lover', 'products id mug'],
    ...['products begin B', 'products words A', 'reviews words review-1'],
  ]);
});

test('all words of a text must be there, in any order', async () => {
  assert.deepEqual(await foundBy('q=mug+blue&kinds=products'), ['products words A', 'products words B']);
  assert.deepEqual(await foundBy('q=blue+-mug&kinds=products'), ['products words A', 'products words B']);
  assert.deepEqual(await foundBy('q=%22%22'), []);
});

test('kinds and the number of each are as asked for', async () => {
  assert.deepEqual(await foundBy('q=mug&limit=1&kinds=products&kinds=reviews'), [
    ...['products id mug', 'reviews words review-1'],
  ]);
  const { body } = await search('q=mug&kinds=orders');
  assert.deepEqual(body.searched, ['orders']);
  assert.equal(body.results[0].record.total, 2.55);
  for (const parameters of ['', 'q=', 'q=+', 'q=mug&kinds=visits', 'q=mug&limit=21'])
    assert.equal((await search(parameters)).body.code, 'invalid_request', parameters);
});

test('what is found is CSV for who prefers it', async () => {
  const url = `/api/v1/search?shop=${shop.shop}&q=Bluep`;
  const { headers, body } = await app.inject({ url, headers: { accept: 'text/csv' } });
  assert.match(String(headers['content-type']), /^text\/csv/);
  const [head, row] = body.split('\r\n');
  assert.equal(head, 'kind,match,id,record');
  assert.match(row!, /^products,begin,C,"\{""eventTime"":/);
});
