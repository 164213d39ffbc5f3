import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { catalog, type QueryResponse } from '@storepulse/contracts';
import { appOver } from '../testing/app.ts';
import { documentsOf } from '../testing/documents.ts';
import { createMemoryLive } from '../testing/memory-live.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeOrder } from '../testing/records.ts';
import { makeShop } from '../testing/shops.ts';

const textOf = (page: string) =>
  readFileSync(new URL(`../../../docs/how-to/${page}`, import.meta.url), 'utf8');

/** The requests of a page: each is a block that begins with `curl`. */
function requestsOf(page: string) {
  return [...textOf(page).matchAll(/```sh\n(curl.*?)```/gs)].map(([, command = '']) => ({
    url: new URL(/http:\S+/.exec(command)![0].replace(/'$/, '')),
    headers: Object.fromEntries(
      [...command.matchAll(/--header '([^:]+): ([^']+)'/g)].map(([, name, value]) => [name, value]),
    ),
    payload: /--data '(.*)'/s.exec(command)?.[1],
  }));
}

const now = Date.UTC(2026, 5, 10, 12);
const yesterday = now - 86_400_000;
const shop = makeShop({ shop: 'demo-shop' });
const order = makeOrder('o1', { _id: 'demo-shop|o1', shop: shop.shop, eventTime: now - 60_000 });
const failed = { _id: 'demo-shop|p1', shop: shop.shop, type: 'payment_failed', eventTime: now - 60_000 };
const refund = { ...failed, _id: 'demo-shop|r1', type: 'refund_issued', eventTime: now - 7_200_000 };
const windows = documentsOf(catalog, shop, [
  { time: now - 60_000, adds: { orders: 1, gross_sales: 2_550 }, dimensions: { device: 'mobile' } },
]);
const live = createMemoryLive({ orders: [order], payments: [failed], refunds: [refund], metrics: windows });
const app = await appOver(
  createMemoryStore({
    ...{ shops: [shop], documents: [], live },
    visits: [
      {
        ...{ firstTime: yesterday, device: 'mobile', channel: 'email', country: 'France', settled: true },
        steps: { searched: [yesterday], viewed: [yesterday], ordered: [yesterday + 1_000] },
      },
    ],
    facts: {
      orders: [
        {
          ...{ customerId: 'a', eventTime: yesterday, subtotal: 1, discount: 0, country: 'France' },
          ...{ device: 'mobile', channel: 'email', paymentMethod: 'card' },
        },
      ],
    },
  }),
  now,
);
after(() => app.close());

test('the requests for funnels and cohorts are answered as the page says', async () => {
  const requests = requestsOf('funnels-and-cohorts.md');
  assert.equal(requests.length, 3);
  for (const { url, headers, payload } of requests) {
    const answer = await app.inject({
      ...{ method: 'POST', url: url.pathname, payload: payload! },
      headers: { ...headers, host: url.host } as Record<string, string>,
    });
    assert.equal(answer.statusCode, 200, answer.body);
    if (headers.accept === 'text/csv') {
      assert.match(answer.body, /visits,,step,ordered,,1\r\n/);
      continue;
    }
    const { error, frames } = (answer.json() as QueryResponse).results.A!;
    assert.equal(error, undefined);
    assert.ok(frames[0]!.fields.some(({ values }) => values.includes(1)));
  }
});

test('what the page says is refused is refused', async () => {
  const [, open] = requestsOf('funnels-and-cohorts.md');
  const body = JSON.parse(open!.payload!) as { queries: { open?: boolean }[] };
  const payload = { ...body, queries: body.queries.map((query) => ({ ...query, open: false })) };
  const answer = await app.inject({
    method: 'POST',
    url: '/api/v1/query',
    payload,
    headers: { host: 'localhost' },
  });
  assert.equal((answer.json() as QueryResponse).results.A!.error?.code, 'invalid_request');
});

test('the streams of the page tell what they are about', async () => {
  const requests = requestsOf('follow-live.md');
  const listing = requests.pop()!.url;
  assert.equal(requests.length, 4);
  const listed = await app.inject({
    url: `${listing.pathname}${listing.search}`,
    headers: { host: listing.host },
  });
  const { events } = listed.json() as { events: { type: string }[] };
  assert.deepEqual(
    events.map(({ type }) => type),
    ['payment_failed', 'refund_issued'],
  );
  for (const { url } of requests) {
    url.searchParams.set('follow', 'false');
    const answer = await app.inject({ url: `${url.pathname}${url.search}`, headers: { host: url.host } });
    assert.equal(answer.statusCode, 200, answer.body);
    const types = answer.body
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { type: string }).type);
    assert.equal(types.at(-1), 'live');
    assert.ok(types.length > 1, answer.body);
  }
});

test('the program of the page prints each order once, though its connection breaks', async (t) => {
  const program = /```js\n(.*?)```/s.exec(textOf('follow-live.md'))![1]!;
  const listening = await appOver(createMemoryStore({ shops: [shop], documents: [], live }), now);
  await listening.listen({ host: '127.0.0.1', port: 0 });
  const { port } = listening.server.address() as { port: number };
  const child = spawn(process.execPath, ['--input-type=module', '-', `http://127.0.0.1:${port}`], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  t.after(async () => {
    child.kill();
    if (child.exitCode === null) await once(child, 'exit');
    await listening.close();
  });
  child.stdin.end(program);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  assert.equal((await lines.next()).value, 'o1 2.55');
  listening.server.closeAllConnections();
  live.put('orders', { ...order, _id: 'demo-shop|o2', orderId: 'o2', eventTime: now });
  assert.equal((await lines.next()).value, 'o2 2.55');
  live.put('orders', { ...order, _id: 'demo-shop|o3', orderId: 'o3', eventTime: now });
  assert.equal((await lines.next()).value, 'o3 2.55');
});
