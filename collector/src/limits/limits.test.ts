import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { anEvent, anOrder, NOON, SHOP } from '@storepulse/contracts/testing/events';
import { type App, createRateLimit } from '@storepulse/http';
import { appOver } from '../testing/app.ts';
import { createPending } from './pending.ts';

const limits = { bodyBytes: 4_000, items: 5, pendingBytes: 5_000, eventsPerSecond: 1_000 };
const setUp = () => appOver([SHOP], { now: () => NOON, limits });

const post = async (app: App, payload: string | Buffer, headers: Record<string, string> = {}) => {
  const answer = await app.inject({
    ...{ method: 'POST', url: '/v1/events', payload },
    headers: { 'content-type': 'application/json', ...headers },
  });
  return { status: answer.statusCode, code: answer.json().code as string, headers: answer.headers };
};

test('what a request may not be is told by a code of its own', async () => {
  const { app, kafka } = await setUp();
  const deep = `${'['.repeat(30)}${']'.repeat(30)}`;
  const lines = { 'content-type': 'application/x-ndjson' };
  for (const [payload, headers, code] of [
    ['x'.repeat(4_001), {}, 'body_too_large'],
    [gzipSync('x'.repeat(4_001)), { 'content-encoding': 'gzip' }, 'body_too_large'],
    ['{}', { 'content-encoding': 'gzip' }, 'invalid_encoding'],
    ['{}', { 'content-encoding': 'br' }, 'unsupported_media_type'],
    ['{}', { 'content-type': 'text/plain' }, 'unsupported_media_type'],
    ['{}', { 'content-type': 'application/json; charset=latin1' }, 'unsupported_media_type'],
    [JSON.stringify(Array(6).fill({})), {}, 'too_many_items'],
    ['{}\n'.repeat(6), lines, 'too_many_items'],
    [deep, {}, 'too_deep'],
    [`${deep}\n`, lines, 'too_deep'],
    ['[]', {}, 'nothing_sent'],
    ['\n', lines, 'nothing_sent'],
    ['', {}, 'invalid_json'],
    ['{"a":', {}, 'invalid_json'],
    [Buffer.from([0x22, 0xff, 0x22]), {}, 'invalid_json'],
    ['{}', { 'content-type': 'application/cloudevents-batch+json' }, 'invalid_json'],
  ] as const) {
    const answer = await post(app, payload, headers);
    assert.equal(answer.code, code, String(payload).slice(0, 40));
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
  }
  assert.equal(kafka.records.length, 0);
});

test('brackets in texts do not count as depth, and a line that is no JSON fails alone', async () => {
  const { app } = await setUp();
  const order = { ...anOrder(), note: `${'['.repeat(30)}\\"${'{'.repeat(30)}` };
  assert.equal((await post(app, JSON.stringify(order))).status, 200);
  const lines = { 'content-type': 'application/x-ndjson' };
  assert.equal((await post(app, `${JSON.stringify(anEvent('session_started'))}\n{"a"\n`, lines)).status, 207);
});

test('while bodies under way hold what they may, further ones are told to wait; then there is room again', async () => {
  const { app, kafka } = await setUp();
  const { promise, resolve } = Promise.withResolvers<void>();
  kafka.hold = promise;
  const large = () => JSON.stringify({ ...anOrder(), note: 'x'.repeat(2_500) });
  const first = post(app, large());
  // The first one is under way as soon as a second one's headers are looked at: they share one event loop.
  const second = await post(app, large());
  assert.deepEqual([second.status, second.code], [429, 'overloaded']);
  assert.ok(Number(second.headers['retry-after']) > 0);
  resolve();
  assert.equal((await first).status, 200);
  assert.equal((await post(app, large())).status, 200);
  assert.match((await app.inject('/metrics')).body, /^storepulse_collector_pending_bytes 0$/m);
});

test('room is given back once, and a body larger than all room is taken when nothing else is held', () => {
  const pending = createPending(10);
  const free = pending.take(15);
  assert.throws(() => pending.take(1), { code: 'overloaded' });
  free();
  free();
  assert.equal(pending.bytes, 0);
  pending.take(10);
});

test('a bucket fills evenly, and a request may overdraw it once', () => {
  let time = 0;
  const rate = createRateLimit(10, 'events', () => time);
  rate.check('a');
  rate.spend('a', 50);
  assert.throws(() => rate.check('a'), { code: 'rate_limited', retryAfterS: 3 });
  rate.check('b');
  time = 3_001;
  rate.check('a');
});
