import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { SimulatorError } from '../errors.ts';
import { createCollectorSink } from './collector-sink.ts';
import type { OutgoingRecord } from './event-sink.ts';

const record = (n: number): OutgoingRecord => ({
  ...{ topic: 'transactions', key: 'uk|v', value: JSON.stringify({ n }) },
  headers: { ce_type: 'order_placed', ce_id: `event-${n}` },
});
const records = (count: number) => Array.from({ length: count }, (_, n) => record(n));

interface Told {
  readonly status?: number;
  readonly retryAfter?: string;
  readonly body?: object;
}
const item = (index: number, status: string, more: object = {}) => ({ index, status, ...more });

/** A collector that gives these answers, one after the other, and the last one from then on. */
async function collector(t: TestContext, answers: readonly ((lines: number) => Told | 'cut')[]) {
  const requests: { events: number[]; authorization: string | undefined }[] = [];
  const server = createServer(async (request, response: ServerResponse) => {
    const lines = gunzipSync(await buffer(request))
      .toString()
      .split('\n');
    const answer = answers[Math.min(requests.length, answers.length - 1)]!(lines.length);
    requests.push({
      events: lines.map((line) => JSON.parse(line).n),
      authorization: request.headers.authorization,
    });
    if (answer === 'cut') {
      response.destroy();
      return;
    }
    const { status = 200, retryAfter, body = { items: lines.map((_, i) => item(i, 'accepted')) } } = answer;
    response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter });
    response.end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const waits: string[] = [];
  const ending = new AbortController();
  const sink = createCollectorSink({
    ...{ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, key: 'secret' },
    ...{ onWait: (reason) => waits.push(reason), signal: ending.signal, patienceMs: 0 },
  });
  return { sink, requests, waits, ending };
}
const allOf = (requests: readonly { events: number[] }[]) => requests.map(({ events }) => events);

test('records go to the collector as lines, with the key', async (t) => {
  const { sink, requests } = await collector(t, [() => ({})]);
  await sink.send(records(3));
  assert.deepEqual(requests, [{ events: [0, 1, 2], authorization: 'Bearer secret' }]);
  assert.deepEqual(sink.refused(), { count: 0, first: [] });
});

test('it waits as long as it is told to, and sends what is not stored again', async (t) => {
  const { sink, requests, waits } = await collector(t, [
    () => ({ status: 429, retryAfter: '0', body: { detail: 'the key sends too fast' } }),
    () => ({ status: 503, retryAfter: '0', body: { detail: 'keys can not be checked' } }),
    () => ({
      ...{ status: 207, retryAfter: '0' },
      body: { detail: 'some', items: [item(0, 'accepted'), item(1, 'unavailable'), item(2, 'unavailable')] },
    }),
    () => ({
      ...{ status: 503, retryAfter: '0' },
      body: { detail: 'none', items: [item(0, 'unavailable'), item(1, 'unavailable')] },
    }),
    () => ({}),
  ]);
  await sink.send(records(3));
  assert.deepEqual(allOf(requests), [
    [0, 1, 2],
    [0, 1, 2],
    [0, 1, 2],
    [1, 2],
    [1, 2],
  ]);
  assert.deepEqual(waits, ['the key sends too fast', 'keys can not be checked', 'some', 'none']);
});

test('an event that is refused for good is told, and the others are stored', async (t) => {
  const fault = { code: 'total-mismatch', path: '', message: 'total is wrong' };
  const { sink, requests } = await collector(t, [
    () => ({ status: 207, body: { items: [item(0, 'accepted'), item(1, 'rejected', fault)] } }),
    () => ({ status: 422, body: { detail: 'none', items: [item(0, 'rejected', fault)] } }),
  ]);
  await sink.send(records(2));
  await sink.send([record(7)]);
  assert.equal(requests.length, 2);
  assert.deepEqual(sink.refused(), {
    count: 2,
    first: [
      'order_placed event-1: total-mismatch total is wrong',
      'order_placed event-7: total-mismatch total is wrong',
    ],
  });
});

test('a shop that is refused ends it: what follows would be counted in another money', async (t) => {
  const fault = { code: 'shop-changed', path: '/scale', message: 'scale is 3, the shop is counted in 2' };
  const { sink } = await collector(t, [
    () => ({ status: 422, body: { detail: 'none', items: [item(0, 'rejected', fault)] } }),
  ]);
  const shop = { ...record(0), headers: { ce_type: 'shop_upserted', ce_id: 'shop-1' } };
  await assert.rejects(sink.send([shop]), /nothing else was sent: shop-changed \/scale scale is 3.*--shop/);
});

test('a request that is too large is halved', async (t) => {
  const { sink, requests } = await collector(t, [
    (lines) => (lines > 2 ? { status: 413, body: { detail: 'too many' } } : {}),
  ]);
  await sink.send(records(5));
  assert.deepEqual(
    allOf(requests)
      .filter(({ length }) => length <= 2)
      .flat(),
    [0, 1, 2, 3, 4],
  );
});

test('a request that the collector will never take ends it, with what to do', async (t) => {
  for (const [told, message] of [
    [{ status: 401, body: { detail: 'a key is needed' } }, /a key is needed.*--key-file/],
    [{ status: 404, body: {} }, /status 404.*COLLECTOR_URL/],
    [{ status: 413, body: { detail: 'too large' } }, /too large/],
  ] as const) {
    const { sink } = await collector(t, [() => told]);
    await assert.rejects(sink.send([record(0)]), (error) => {
      assert.ok(error instanceof SimulatorError && error.code === 'refused');
      assert.match(error.message, message);
      return true;
    });
  }
});

test('an answer that does not come is waited for, and no longer than its patience', async (t) => {
  const failing = await collector(t, [() => 'cut', () => ({ status: 500, body: {} }), () => ({})]);
  await assert.rejects(failing.sink.send(records(1)), { code: 'collector-unreachable' });
  assert.equal(failing.requests.length, 1);
});

test('who ends it while it waits is told that some may not be stored', async (t) => {
  const { sink, ending } = await collector(t, [
    () => {
      ending.abort();
      return { status: 429, retryAfter: '3600', body: { detail: 'too fast' } };
    },
  ]);
  await assert.rejects(sink.send(records(4)), /Ended while 4 events waited for the collector: too fast/);
});
