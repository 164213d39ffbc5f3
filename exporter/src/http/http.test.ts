import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { catalog } from '@storepulse/contracts';
import { pino } from 'pino';
import { createApp } from '../app.ts';
import { ERRORS, type ErrorCode, ExporterError } from '../errors.ts';
import type { MetricStore } from '../store/store.ts';
import { documentsOf } from '../testing/documents.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeShop } from '../testing/shops.ts';

const shop = makeShop();
const time = Date.UTC(2026, 0, 1, 10);
const memory = createMemoryStore({
  shops: [shop],
  documents: documentsOf(catalog, shop, [
    { time, adds: { gross_sales: 1_000, orders: 1 }, dimensions: { country: 'France' } },
  ]),
});
const range = { from: time, to: time + 3_600_000 };
const query = { refId: 'A', shop: shop.shop, metric: 'orders', format: 'table' };

/** What the store does instead, for one test. */
let instead: Partial<MetricStore> = {};
const store = new Proxy(memory, {
  get: (_, name: keyof MetricStore) => instead[name] ?? memory[name],
});
const lines: string[] = [];
const app = await createApp({
  ...{ store, catalog, version: '1.2.3' },
  log: pino({ level: 'debug' }, { write: (line: string) => lines.push(line) }),
  alsoHosts: ['shop.internal'],
});
await app.listen({ host: '127.0.0.1', port: 0 });
const { port } = app.server.address() as AddressInfo;
const url = `http://127.0.0.1:${port}`;
after(() => app.close());

const post = (body: unknown, payload = JSON.stringify(body)) =>
  fetch(`${url}/api/v1/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: payload,
  });
const askFor = (queries: object[]) => post({ range, queries });
/** Writes text to a connection, and reads what comes back until it is closed. */
async function raw(head: string): Promise<{ status: number; type: string; problem: { code: ErrorCode } }> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  socket.write(head);
  const answer = await text(socket);
  const [top = '', body = ''] = answer.split('\r\n\r\n');
  return {
    status: Number(top.split(' ')[1]),
    type: /content-type: (\S+)/i.exec(top)?.[1] ?? '',
    problem: JSON.parse(body) as { code: ErrorCode },
  };
}
async function isProblem(response: Response, code: ErrorCode): Promise<string> {
  assert.equal(response.status, ERRORS[code].status);
  assert.match(response.headers.get('content-type')!, /^application\/problem\+json/);
  const problem = (await response.json()) as { code: string; detail: string };
  assert.equal(problem.code, code);
  return problem.detail;
}

test('another method is a 405 that names those that there are, whatever its body', async () => {
  const wrong = await fetch(`${url}/api/v1/query`);
  assert.equal(wrong.headers.get('allow'), 'POST');
  assert.match(await isProblem(wrong, 'method_not_allowed'), /\/api\/v1\/query takes POST, not GET/);
  for (const path of ['/-/healthy', '/metrics', '/', '/api/v1/catalog', '/api/v1/dimensions/sku/values']) {
    const deleted = await fetch(url + path, {
      method: 'POST',
      body: '<a/>',
      headers: { 'content-type': 'text/xml' },
    });
    assert.equal(deleted.headers.get('allow'), 'GET, HEAD');
    await isProblem(deleted, 'method_not_allowed');
  }
  await isProblem(await fetch(`${url}/nowhere`, { method: 'DELETE' }), 'not_found');
});

test('an address or headers that are too long are problems, from whichever layer refuses them', async () => {
  await isProblem(await fetch(`${url}/api/v1/dimensions/${'x'.repeat(200)}/values`), 'address_too_long');
  await isProblem(await fetch(`${url}/-/healthy?${'x'.repeat(9_000)}`), 'address_too_long');
  const address = await raw(`GET /?${'x'.repeat(40_000)} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
  assert.deepEqual([address.status, address.problem.code], [414, 'address_too_long']);
  const headers = await raw(`GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`);
  assert.deepEqual([headers.status, headers.problem.code], [431, 'headers_too_large']);
  assert.equal(headers.type, 'application/problem+json');
  const garbage = await raw('what is this\r\n\r\n');
  assert.deepEqual([garbage.status, garbage.problem.code], [400, 'invalid_request']);
  await isProblem(await fetch(`${url}/api/v1/dimensions/%zz/values`), 'invalid_request');
});

test('a body that never ends is given up with 408, and its connection is closed', {
  timeout: 40_000,
}, async () => {
  const { status, problem } = await raw(
    'POST /api/v1/query HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"range":',
  );
  assert.deepEqual([status, problem.code], [408, 'request_timeout']);
});

test('on loopback, requests for other hosts are refused: their pages could read every shop', async () => {
  const as = async (host: string) => {
    const sent = request(`${url}/api/v1/catalog`, { headers: { host } }).end();
    const [answer] = await once(sent, 'response');
    answer.resume();
    return answer.statusCode as number;
  };
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    '127.0.0.1.evil.example',
    '192.168.1.7',
    '[2001:db8::1]',
  ])
    assert.equal(await as(host), 421, host);
  for (const host of [
    'localhost',
    `LOCALHOST:${port}`,
    '127.0.0.1',
    '[::1]:80',
    'a.localhost',
    'shop.internal',
  ])
    assert.equal(await as(host), 200, host);
});

test('elsewhere than on loopback a host may have any name', async () => {
  const open = await createApp({
    store,
    catalog,
    log: pino({ level: 'silent' }),
    version: '1',
    host: '0.0.0.0',
  });
  const answer = await open.inject({ url: '/-/healthy', headers: { host: 'exporter.shop.example' } });
  assert.equal(answer.statusCode, 200);
});

test('two queries with one refId are refused: one answer would be lost', async () => {
  const detail = await isProblem(await askFor([query, query]), 'invalid_request');
  assert.match(detail, /body\.queries\.1\.refId is "A" a second time/);
});

test('what does not fit is told of the type of query that was meant', async () => {
  const cases: [object, RegExp][] = [
    [{ ...query, groupby: 'country' }, /body\.queries\.0 has the unknown property "groupby"/],
    [{ ...query, type: 'metric', limit: 0 }, /body\.queries\.0\.limit must be >= 1/],
    [{ ...query, groupBy: [] }, /body\.queries\.0\.groupBy must NOT have fewer than 1 items/],
    [{ ...query, groupBy: ['weekday', 'weekday'] }, /groupBy must NOT have duplicate items/],
    [{ refId: 'A', shop: shop.shop, type: 'funnel' }, /body\.queries\.0 must have required property 'steps'/],
    [
      { refId: 'A', shop: shop.shop, type: 'funnel', steps: ['visited', 'paid'] },
      /body\.queries\.0\.steps\.1 must be one of visited, searched, viewed, carted, checkout, ordered/,
    ],
    [{ refId: 'A', shop: shop.shop, type: 'cohort', months: 0 }, /body\.queries\.0\.months must be >= 1/],
    [{ ...query, type: 'path' }, /body\.queries\.0\.type must be one of metric, funnel, cohort/],
  ];
  for (const [asked, message] of cases)
    assert.match(await isProblem(await askFor([asked]), 'invalid_request'), message);
});

test('times beyond the calendar are refused as a fault of the request', async () => {
  for (const to of [8.64e15 + 1, Number.MAX_SAFE_INTEGER, 253_402_300_800_001])
    await isProblem(await post({ range: { from: to - 1_000, to }, queries: [query] }), 'invalid_request');
});

test('a text that is no time is told with the forms that there are', async () => {
  const answer = await post({ range: { from: 'yesterday', to: 'now' }, queries: [query] });
  const { results } = (await answer.json()) as {
    results: Record<string, { error?: { code: string; detail: string } }>;
  };
  assert.equal(results.A?.error?.code, 'invalid_range');
  assert.match(results.A.error.detail, /"range\.from" is "yesterday": give epoch ms, a date since 1970/);
});

/** A reading that fails at once. */
const failingWith = (error: Error) => (): AsyncIterable<never> => ({
  [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }),
});

test('a fault of ours is no 200: the answer is the problem when no query was answered, else 207', async () => {
  const away = new ExporterError('store_unavailable', 'MongoDB can not be reached');
  instead = { windows: failingWith(away) };
  await isProblem(await askFor([query]), 'store_unavailable');
  await isProblem(await askFor([query, { ...query, refId: 'B', metric: 'profit' }]), 'store_unavailable');
  const both = await askFor([query, { ...query, refId: 'B', metric: 'new_customers' }]);
  assert.equal(both.status, 207);
  const { results } = (await both.json()) as { results: Record<string, { error?: { code: string } }> };
  assert.deepEqual([results.A?.error?.code, results.B?.error], ['store_unavailable', undefined]);
  instead = { windows: failingWith(new TypeError('x is undefined')) };
  await isProblem(await askFor([query]), 'internal');
  instead = {};
  assert.equal((await askFor([{ ...query, metric: 'profit' }])).status, 200);
});

test('a client that leaves ends the reading of its answer', async () => {
  const began = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  instead = {
    counted: async (_selection, options) => {
      began.resolve();
      options!.signal!.addEventListener('abort', () => ended.resolve());
      await ended.promise;
      options!.signal!.throwIfAborted();
      return new Map();
    },
  };
  const client = new AbortController();
  const asked = fetch(`${url}/api/v1/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ range, queries: [query] }),
    signal: client.signal,
  });
  await began.promise;
  client.abort();
  await assert.rejects(asked);
  await ended.promise;
  instead = {};
});

test('answers and scrapes are compressed for those who take it', async () => {
  const get = async (path: string, encoding: string) => {
    const sent = request(url + path, { headers: { 'accept-encoding': encoding } }).end();
    const [answer] = await once(sent, 'response');
    const parts: Buffer[] = [];
    for await (const part of answer) parts.push(part);
    return { encoding: answer.headers['content-encoding'] as string | undefined, body: Buffer.concat(parts) };
  };
  for (const path of ['/metrics', '/api/v1/catalog']) {
    const plain = await get(path, 'gzip;q=0');
    assert.equal(plain.encoding, undefined);
    const small = await get(path, 'gzip');
    assert.equal(small.encoding, 'gzip');
    const first = (body: Buffer) => body.toString().slice(0, 200);
    assert.equal(first(gunzipSync(small.body)), first(plain.body));
    assert.ok(small.body.length < plain.body.length / 2);
  }
});

test('the process tells of itself and of its requests', async () => {
  await askFor([{ ...query, metric: 'profit' }]);
  for (const accept of ['text/plain', 'application/openmetrics-text']) {
    const exposed = await (await fetch(`${url}/metrics`, { headers: { accept } })).text();
    for (const name of [
      'process_resident_memory_bytes ',
      'process_cpu_seconds_total ',
      'nodejs_eventloop_lag_p99_seconds ',
      'storepulse_exporter_queries_refused_total{code="unknown_metric"} ',
      'storepulse_exporter_http_request_duration_seconds_count{method="POST",route="/api/v1/query",status="200"} ',
      'storepulse_exporter_queries_waiting{size="large"} 0',
      'storepulse_exporter_query_memory_bytes 0',
      'storepulse_exporter_cache_bytes{cache="windows"} ',
      'storepulse_exporter_cache_bytes{cache="facts"} ',
      'storepulse_orders_total{shop="uk-retail"} 1',
    ])
      assert.ok(exposed.includes(`\n${name}`), `${name} in ${accept}`);
  }
});

test('each request has one line in the log, with nothing of what follows its ?', async () => {
  lines.length = 0;
  await (await fetch(`${url}/api/v1/dimensions/country/values?shop=uk-retail&prefix=secret`)).text();
  await (await fetch(`${url}/-/healthy`)).text();
  await sleep(50);
  const logged = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request');
  assert.deepEqual(
    logged.map(({ level, method, route, status }) => ({ level, method, route, status })),
    [
      { level: 30, method: 'GET', route: '/api/v1/dimensions/:name/values', status: 200 },
      { level: 20, method: 'GET', route: '/-/healthy', status: 200 },
    ],
  );
  assert.doesNotMatch(lines.join(''), /secret/);
});
