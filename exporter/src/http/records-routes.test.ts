import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { RECORD_KINDS, RECORDS, type RecordKind, recordPageSchema } from '@storepulse/contracts';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { appOver } from '../testing/app.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeOrder, makeProduct, makeReview } from '../testing/records.ts';
import { makeShop } from '../testing/shops.ts';

const shop = makeShop();
const NOW = Date.UTC(2026, 5, 2, 12);
const HOUR = 3_600_000;
const orders = [
  makeOrder('o1', { eventTime: NOW - 3 * HOUR, country: 'France', total: 2_550, customerId: 'ann' }),
  makeOrder('o2', { eventTime: NOW - 2 * HOUR, country: 'Spain', total: 9_999, customerId: null }),
  makeOrder('o3', { eventTime: NOW - HOUR, country: 'France', total: 2_550, lines: [], customerId: 'bob' }),
  makeOrder('o4', { shop: 'other', _id: 'other|o4' }),
];
const products = [
  makeProduct('A', { stock: 3, price: 500 }),
  makeProduct('B', { stock: null, price: 700, name: '=1+1' }),
  makeProduct('C', { stock: 0, price: 500 }),
];
const reviews = [makeReview('review-1', { rating: 5 }), makeReview('review-2', { rating: 1, text: null })];
const customer = {
  ...{ _id: `${shop.shop}|ann`, shop: shop.shop, customerId: 'ann', eventId: 'customer-1', eventTime: NOW },
  ...{ name: 'Ann', email: 'ann@example.org', country: 'France', createdAt: NOW, lastLoginAt: null },
};
const records = { orders, products, reviews, customers: [customer] };
const app = await appOver(createMemoryStore({ shops: [shop], documents: [], records }), NOW);
const ask = async (kind: RecordKind, search: string, over = app) => {
  const answer = await over.inject(`/api/v1/${kind}?shop=${shop.shop}${search}`);
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
};
const idsOf = async (kind: RecordKind, search: string) => {
  const { status, body } = await ask(kind, search);
  assert.equal(status, 200, JSON.stringify(body));
  return body.records.map((record: Record<string, unknown>) => record[RECORDS[kind].id]);
};

test('a record has the fields of its event, with amounts in whole currency units', async () => {
  for (const kind of RECORD_KINDS) {
    const { status, body } = await ask(kind, '');
    assert.equal(status, 200, JSON.stringify(body));
    assert.ok(Value.Check(recordPageSchema(RECORDS[kind]), body), kind);
    assert.equal(body.next, null);
    assert.equal(body.currency, 'GBP');
  }
  const [order] = (await ask('orders', '&orderId=o1')).body.records;
  assert.deepEqual([order.total, order.customerId, order.lines[0].unitPrice], [2.55, 'ann', 1.275]);
  assert.deepEqual(
    ['_id', 'eventId', 'type', 'task'].filter((name) => name in order),
    [],
  );
  assert.equal((await ask('products', '&sku=A')).body.records[0].price, 0.5);
});

test('records come in the order that is asked for', async () => {
  assert.deepEqual(await idsOf('orders', ''), ['o3', 'o2', 'o1']);
  assert.deepEqual(await idsOf('orders', '&sort=eventTime'), ['o1', 'o2', 'o3']);
  assert.deepEqual(await idsOf('orders', '&sort=-total'), ['o2', 'o3', 'o1']);
  assert.deepEqual(await idsOf('products', '&sort=stock'), ['B', 'C', 'A']);
  assert.deepEqual(await idsOf('products', '&sort=-price'), ['B', 'C', 'A']);
});

test('filters must all hold, and a repeated one is an alternative', async () => {
  assert.deepEqual(await idsOf('orders', '&country=France&minTotal=2.55'), ['o3', 'o1']);
  assert.deepEqual(await idsOf('orders', '&country=France&country=Spain&maxTotal=2.549'), []);
  assert.deepEqual(await idsOf('orders', '&country=France&country=Spain&minTotal=2.551'), ['o2']);
  assert.deepEqual(await idsOf('orders', '&customerId=ann'), ['o1']);
  assert.deepEqual(await idsOf('orders', '&sku=sku-1'), ['o2', 'o1']);
  assert.deepEqual(await idsOf('products', '&maxStock=1'), ['C']);
  assert.deepEqual(await idsOf('reviews', '&rating=1&rating=2'), ['review-2']);
});

test('a range is of the time that something happened, the end excluded', async () => {
  const at = (hours: number) => NOW - hours * HOUR;
  assert.deepEqual(await idsOf('orders', `&from=${at(2)}`), ['o3', 'o2']);
  assert.deepEqual(await idsOf('orders', `&from=now-3h&to=${at(1)}`), ['o2', 'o1']);
  assert.deepEqual(await idsOf('orders', `&to=2026-06-02T11:00:00`), ['o1']);
  assert.equal((await ask('orders', '&from=now&to=now-1h')).body.code, 'invalid_range');
});

test('pages of any size and order hold every record once', async () => {
  const many = Array.from({ length: 40 }, (_, i) =>
    makeProduct(`p${i}`, { stock: i % 4 === 0 ? null : (i * 7) % 5, price: (i * 3) % 4 }),
  );
  const over = await appOver(
    createMemoryStore({ shops: [shop], documents: [], records: { products: many } }),
  );
  const inOrder = (field: '_id' | 'stock' | 'price', direction: number) =>
    many
      .toSorted((a, b) => {
        const [x, y] = [a[field] ?? Number.NEGATIVE_INFINITY, b[field] ?? Number.NEGATIVE_INFINITY];
        return direction * (x < y ? -1 : x > y ? 1 : a._id < b._id ? -1 : 1);
      })
      .map(({ sku }) => sku);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...RECORDS.products.sorts),
      fc.integer({ min: 1, max: 50 }),
      async ({ name, field, direction }, limit) => {
        const seen: unknown[] = [];
        let address = `/api/v1/products?shop=${shop.shop}&sort=${name}&limit=${limit}`;
        for (;;) {
          const { headers, body, statusCode } = await over.inject(address);
          assert.equal(statusCode, 200, body);
          const page = JSON.parse(body);
          seen.push(...page.records.map(({ sku }: { sku: string }) => sku));
          const link = /^<(.*)>; rel="next"$/.exec(String(headers.link ?? ''))?.[1];
          assert.equal(link !== undefined, page.next !== null);
          if (link === undefined) break;
          address = link;
        }
        assert.deepEqual(seen, inOrder(field as 'stock', direction));
      },
    ),
    { numRuns: 30 },
  );
});

test('a page of large records ends early and goes on', async () => {
  const large = Array.from({ length: 12 }, (_, i) => makeOrder(`o${i}`, { country: 'x'.repeat(900_000) }));
  const over = await appOver(createMemoryStore({ shops: [shop], documents: [], records: { orders: large } }));
  const { body } = await ask('orders', '', over);
  assert.equal(body.records.length, 4);
  assert.equal((await ask('orders', `&cursor=${body.next}`, over)).body.records.length, 4);
});

test('a cursor goes on in its own shop and order alone', async () => {
  const { next } = (await ask('orders', '&limit=1')).body;
  assert.deepEqual(await idsOf('orders', `&cursor=${next}`), ['o2', 'o1']);
  for (const search of [`&cursor=${next}&sort=total`, '&cursor=abc', '&cursor=bnVsbA'])
    assert.equal((await ask('orders', search)).body.code, 'invalid_request', search);
});

test('what is no parameter, no order and no shop is refused by name', async () => {
  assert.match((await ask('orders', '&colour=red')).body.detail, /unknown property "colour"/);
  assert.match((await ask('orders', '&sort=name')).body.detail, /must be one of -eventTime, eventTime/);
  assert.equal((await ask('orders', '&rating=1')).status, 400);
  assert.equal((await app.inject('/api/v1/orders?shop=no-shop')).json().code, 'unknown_shop');
});

test('records are CSV for who prefers it: a column for each field, and no formulas', async () => {
  const linesOf = async (kind: RecordKind) => {
    const answer = await app.inject({
      url: `/api/v1/${kind}?shop=${shop.shop}&limit=2`,
      headers: { accept: 'text/csv' },
    });
    assert.match(String(answer.headers['content-type']), /^text\/csv/);
    assert.match(String(answer.headers.link ?? ''), kind === 'reviews' ? /^$/ : /rel="next"/);
    return answer.body.split('\r\n');
  };
  const [head, newest] = await linesOf('orders');
  assert.equal(
    head,
    'eventTime,shop,visitorId,sessionId,customerId,device,channel,country,orderId,currency,lines,subtotal,discount,shipping,tax,total,paymentMethod,coupon',
  );
  assert.equal(
    newest,
    '2026-06-02T11:00:00.000Z,uk-retail,v1,s1,bob,mobile,email,France,o3,GBP,[],2.55,0,0,0,2.55,card,',
  );
  const [, , second] = await linesOf('products');
  assert.equal(second, "2026-06-01T00:00:00.000Z,uk-retail,B,'=1+1,Toys,0.7,,,,");
  assert.equal((await linesOf('reviews')).length, 4);
});

test('the reference names every order and every filter', () => {
  const page = readFileSync(new URL('../../../docs/reference/query-api.md', import.meta.url), 'utf8');
  for (const kind of RECORD_KINDS) {
    const { time, sorts, filters } = RECORDS[kind];
    const row = new RegExp(`^\\| \`${kind}\` \\|(.*)$`, 'm').exec(page)?.[1] ?? '';
    const named = [...row.matchAll(/`([-\w]+)`/g)].map(([, name]) => name);
    const known = [...(time ? [time] : []), ...sorts.map(({ name }) => name), ...Object.keys(filters)];
    assert.deepEqual(new Set(named), new Set(known), kind);
  }
});
