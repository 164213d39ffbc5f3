import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, type MetricDocument } from '@storepulse/contracts';
import { appOver } from '../testing/app.ts';
import { documentsOf } from '../testing/documents.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeShop } from '../testing/shops.ts';
import { entityTag, isKnownTag } from './entity-tag.ts';

const BEGIN = Date.UTC(2026, 2, 27, 12);
const HOUR = 3_600_000;
const shop = makeShop();
const sale = (time: number) => ({
  time,
  adds: { gross_sales: 1_500, orders: 1 },
  dimensions: { country: 'France' },
});

/** An exporter of which all before `until` has been counted. */
function exporterAt(documents: readonly MetricDocument[], until: number, shops = [shop]) {
  const progress = [
    { offsets: { transactions: 1 }, watermarks: { [shop.shop]: until }, latest: { [shop.shop]: until } },
  ];
  return appOver(createMemoryStore({ shops, documents, progress }), BEGIN + 9 * HOUR);
}
const documents = documentsOf(catalog, shop, [sale(BEGIN), sale(BEGIN + HOUR)]);
const app = await exporterAt(documents, BEGIN + 5 * HOUR);
const payload = {
  range: { from: BEGIN, to: BEGIN + 3 * HOUR },
  queries: [
    { refId: 'A', shop: shop.shop, metric: 'gross_sales', interval: '1h' },
    { refId: 'B', shop: shop.shop, metric: 'orders', format: 'table', groupBy: 'country' },
  ],
};
const ask = async (over: typeof app, headers: Record<string, string> = {}, body: object = payload) => {
  const answer = await over.inject({ method: 'POST', url: '/api/v1/query', headers, payload: body });
  return {
    status: answer.statusCode,
    tag: answer.headers.etag as string | undefined,
    body: answer.body,
    length: answer.headers['content-length'],
  };
};

test('a final answer has a tag, and who has it gets no body; JSON and CSV have tags of their own', async () => {
  const first = await ask(app);
  assert.equal(first.status, 200);
  assert.match(first.tag!, /^W\/"[-\w]{22}"$/);
  const again = await ask(app, { 'if-none-match': `"other", ${first.tag}` });
  assert.deepEqual([again.status, again.body, again.tag, again.length], [304, '', first.tag, undefined]);
  const csv = await ask(app, { accept: 'text/csv', 'if-none-match': first.tag! });
  assert.equal(csv.status, 200);
  assert.notEqual(csv.tag, first.tag);
});

test('a tag stays while time and counting go on, and changes with a figure', async () => {
  const { tag } = await ask(app);
  assert.equal((await ask(await exporterAt(documents, BEGIN + 6 * HOUR))).tag, tag);
  const late = documentsOf(catalog, shop, [sale(BEGIN), sale(BEGIN + HOUR), sale(BEGIN + 2 * HOUR)]);
  const corrected = await ask(await exporterAt(late, BEGIN + 5 * HOUR), { 'if-none-match': tag! });
  assert.equal(corrected.status, 200);
  assert.notEqual(corrected.tag, tag);
});

test('what is not final has no tag: a bucket that fills, a lifetime, an error', async () => {
  const [query] = payload.queries;
  const tagOf = async (over: typeof app, fields: object) =>
    (await ask(over, {}, { ...payload, queries: [{ ...query, ...fields }] })).tag;
  assert.notEqual(await tagOf(app, {}), undefined);
  assert.equal(await tagOf(await exporterAt(documents, BEGIN + HOUR), {}), undefined);
  assert.equal(await tagOf(await exporterAt(documents, BEGIN + HOUR), { format: 'table' }), undefined);
  assert.equal(await tagOf(app, { interval: 'all' }), undefined);
  assert.equal(await tagOf(app, { metric: 'profit' }), undefined);
  assert.notEqual(await tagOf(app, { metric: ['orders', 'gross_sales'] }), undefined);
});

test('the catalogue has a tag that changes with the shops', async () => {
  const get = (over: typeof app, headers: Record<string, string> = {}) =>
    over.inject({ url: '/api/v1/catalog', headers });
  const first = await get(app);
  const tag = first.headers.etag as string;
  const again = await get(app, { 'if-none-match': tag });
  assert.deepEqual([again.statusCode, again.body, again.headers['content-length']], [304, '', undefined]);
  const renamed = await exporterAt([], BEGIN, [{ ...shop, name: 'Renamed' }]);
  assert.equal((await get(renamed, { 'if-none-match': tag })).statusCode, 200);
});

test('tags are compared weakly, in a list, or as any', () => {
  const tag = entityTag('a', 'b');
  assert.notEqual(tag, entityTag('ab', ''));
  for (const header of [tag, tag.slice(2), `"x",${tag}`, '*']) assert.ok(isKnownTag(header, tag), header);
  for (const header of [undefined, '', '"x"', tag.slice(0, -2)]) assert.ok(!isKnownTag(header, tag), header);
});
