import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anOrder, NOON, SHOP } from '@storepulse/contracts/testing/events';
import type { App } from '@storepulse/http';
import { policyOf } from '@storepulse/http/testing/access';
import { appOver } from '../testing/app.ts';

const KEY = 'k'.repeat(32);
const OTHER = 'o'.repeat(40);
const keys = [
  { name: 'shop', key: KEY },
  { name: 'till', key: OTHER },
];
const policy = policyOf({ keys, scope: 'ingest' });
const now = () => NOON;

const post = (app: App, headers: Record<string, string> = {}, url = '/v1/events') =>
  app.inject({
    ...{ method: 'POST', url, payload: JSON.stringify(anOrder()) },
    headers: { 'content-type': 'application/json', ...headers },
  });

test('with keys, events need one of them, however the address is written; health, metrics and schemas do not', async () => {
  const { app, kafka } = await appOver([SHOP], { policy, now });
  for (const authorization of [
    undefined,
    '',
    KEY,
    `Bearer ${KEY}x`,
    `Bearer ${KEY.slice(1)}`,
    `bearer ${KEY}`,
    `Bearer  ${KEY}`,
    `Basic ${KEY}`,
    'Bearer shop',
    `Bearer ${KEY},${OTHER}`,
  ]) {
    for (const url of ['/v1/events', '/v1/%65vents', '/v1/events?key=1']) {
      const answer = await post(app, authorization === undefined ? {} : { authorization }, url);
      assert.equal(answer.statusCode, 401, `${authorization} ${url}`);
      assert.equal(answer.json().code, 'unauthorized');
      assert.equal(answer.headers['www-authenticate'], 'Bearer');
    }
  }
  assert.equal(kafka.records.length, 0);
  for (const key of [KEY, OTHER])
    assert.equal((await post(app, { authorization: `Bearer ${key}` })).statusCode, 200);
  for (const url of ['/-/healthy', '/-/ready', '/metrics', '/v1/schemas', '/v1/schemas/order_placed'])
    assert.equal((await app.inject(url)).statusCode, 200, url);
});

test('a route that does not say who may use it can not be registered', async () => {
  const { app } = await appOver([]);
  assert.throws(() => app.get('/v1/secret', async () => ''), /GET \/v1\/secret does not say who may use it/);
});

test('on a loopback address, requests for other hosts are refused', async () => {
  const { app } = await appOver([SHOP], { now, alsoHosts: ['shop.test'] });
  for (const host of ['127.0.0.1:8090', 'localhost', '[::1]:8090', 'shop.test:80'])
    assert.equal((await post(app, { host })).statusCode, 200, host);
  assert.equal((await post(app, { host: 'evil.example' })).json().code, 'wrong_host');
  const elsewhere = await appOver([SHOP], { now, host: '0.0.0.0', policy });
  const answer = await post(elsewhere.app, { host: 'evil.example', authorization: `Bearer ${KEY}` });
  assert.equal(answer.statusCode, 200);
});

test('pages of the allowed origins may send, others are told nothing', async () => {
  const { app } = await appOver([SHOP], { now, origins: ['https://shop.example'] });
  const ask = (origin: string) => app.inject({ method: 'OPTIONS', url: '/v1/events', headers: { origin } });
  const allowed = await ask('https://shop.example');
  assert.equal(allowed.headers['access-control-allow-origin'], 'https://shop.example');
  assert.match(String(allowed.headers['access-control-allow-headers']), /content-type/);
  assert.equal(
    (await post(app, { origin: 'https://shop.example' })).headers['access-control-allow-origin'],
    'https://shop.example',
  );
  const other = await ask('https://evil.example');
  for (const name of Object.keys(other.headers)) assert.doesNotMatch(name, /^access-control/);
});

test('each key may send so many events a second, two seconds’ worth at once; the other key is not held up', async () => {
  const { app } = await appOver([SHOP], {
    ...{ policy, now },
    limits: { bodyBytes: 10_000, items: 100, pendingBytes: 100_000, eventsPerSecond: 0.001 },
  });
  const send = (key: string) => post(app, { authorization: `Bearer ${key}` });
  assert.equal((await send(KEY)).statusCode, 200);
  const refused = await send(KEY);
  assert.deepEqual([refused.statusCode, refused.json().code], [429, 'rate_limited']);
  assert.ok(Number(refused.headers['retry-after']) >= 1);
  assert.equal((await send(OTHER)).statusCode, 200);
});

test('an address that does not exist, and one that takes other methods, are problems', async () => {
  const { app } = await appOver([]);
  const nowhere = await app.inject({ method: 'POST', url: '/v1/orders' });
  assert.deepEqual([nowhere.statusCode, nowhere.json().code], [404, 'not_found']);
  const other = await app.inject({ method: 'DELETE', url: '/v1/events' });
  assert.deepEqual([other.statusCode, other.json().code], [405, 'method_not_allowed']);
  assert.equal(other.headers.allow, 'OPTIONS, POST');
});
