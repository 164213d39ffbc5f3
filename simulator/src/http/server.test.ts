import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import { createMetrics } from '../run/metrics.ts';
import { startRun } from '../run/start-run.ts';
import { jumpingClock, memorySink } from '../testing.ts';
import { createControlServer } from './server.ts';

async function server() {
  const clock = jumpingClock(Date.UTC(2026, 0, 5));
  const metrics = createMetrics();
  const runner = await startRun({
    seed: 'one',
    shops: [{ shop: 'first', market: 'gb' }],
    backfillMs: 0,
    backfillRate: 0,
    rate: 50,
    sink: memorySink(),
    clock,
    onEvent: metrics.countEvent,
  });
  metrics.watch(runner);
  const { registry } = metrics;
  const logger = pino({ level: 'silent' });
  const app = await createControlServer({
    runner,
    seed: 'one',
    shops: ['first'],
    registry,
    logger,
    now: clock.now,
  });
  return { app, clock };
}

test('the rate can be set and is shown', async () => {
  const { app } = await server();
  const changed = await app.inject({ method: 'PUT', url: '/v1/rate', payload: { rate: 500 } });
  assert.equal(changed.statusCode, 200);
  assert.equal((await app.inject('/v1/status')).json().requestedRate, 500);
});

test('a rate that makes no sense is refused with the reason, and nothing changes', async () => {
  const { app } = await server();
  for (const payload of [{ rate: -1 }, { rate: 1e9 }, { rate: 'fast' }, {}, { rate: 1, extra: 2 }]) {
    const answer = await app.inject({ method: 'PUT', url: '/v1/rate', payload });
    assert.equal(answer.statusCode, 400, JSON.stringify(payload));
    assert.match(answer.headers['content-type'] as string, /application\/problem\+json/);
    assert.equal(answer.json().code, 'bad-request');
  }
  assert.equal((await app.inject('/v1/status')).json().requestedRate, 50);
});

test('pause, resume and stop show in the status', async () => {
  const { app } = await server();
  for (const [action, state] of [
    ['pause', 'paused'],
    ['resume', 'running'],
    ['stop', 'stopped'],
  ]) {
    assert.equal((await app.inject({ method: 'POST', url: `/v1/${action}` })).json().state, state);
  }
});

test('the simulator is not ready when nothing has moved for a while', async () => {
  const { app, clock } = await server();
  assert.equal((await app.inject('/-/ready')).statusCode, 200);
  await clock.sleepUntil(clock.now() + 60_000);
  assert.equal((await app.inject('/-/ready')).statusCode, 503);
});

test('an unknown path is answered with what to look at', async () => {
  const { app } = await server();
  const answer = await app.inject('/v2/nothing');
  assert.equal(answer.statusCode, 404);
  assert.match(answer.json().detail, /openapi\.json/);
});

test('every route of the interface is in its OpenAPI document', async () => {
  const { app } = await server();
  const { paths } = (await app.inject('/openapi.json')).json();
  assert.deepEqual(Object.keys(paths).sort(), [
    '/v1/pause',
    '/v1/rate',
    '/v1/resume',
    '/v1/status',
    '/v1/stop',
  ]);
});

test('metrics are served', async () => {
  const { app } = await server();
  const { payload } = await app.inject('/metrics');
  assert.match(payload, /storepulse_simulator_requested_rate 50/);
  assert.match(payload, /storepulse_simulator_events_total\{type="shop_upserted"\} 1/);
});
