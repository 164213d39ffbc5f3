import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policyOf } from '@storepulse/http/testing/access';
import type { InjectOptions } from 'fastify';
import pino from 'pino';
import { createMetrics } from '../run/metrics.ts';
import { createSimulator } from '../run/simulator.ts';
import { jumpingClock, memorySink } from '../testing.ts';
import { createControlServer } from './server.ts';

const START = Date.UTC(2026, 0, 5);

/** A server over a run whose loop waits for ever after its first round, so that nothing depends on timing. */
async function server(apiKey?: string) {
  const clock = jumpingClock(START);
  const metrics = createMetrics();
  const simulator = createSimulator({
    sink: memorySink(),
    clock: { now: clock.now, sleepUntil: () => new Promise((resolve) => setImmediate(resolve)) },
    onEmission: metrics.countEmission,
  });
  await simulator.start({
    seed: 'one',
    shops: [{ shop: 'first', market: 'gb' }],
    origin: START,
    profile: { profile: 'constant-arrival-rate', rate: 50 },
    timeline: [],
  });
  metrics.watch(() => simulator.runner.status());
  const { registry } = metrics;
  const logger = pino({ level: 'silent' });
  const app = await createControlServer({
    simulator,
    registry,
    logger,
    now: clock.now,
    ...(apiKey ? { policy: policyOf({ keys: [{ name: 'key', key: apiKey }], scope: 'control' }) } : {}),
  });
  const settle = async () => {
    await clock.sleepUntil(clock.now() + 100);
    while (simulator.runner.lastTick < clock.now()) await new Promise(setImmediate);
  };
  return { app, clock, simulator, settle, end: () => simulator.end() };
}
type Server = Awaited<ReturnType<typeof server>>;

async function withServer(check: (parts: Server) => Promise<void>, apiKey?: string): Promise<void> {
  const parts = await server(apiKey);
  try {
    await check(parts);
  } finally {
    await parts.clock.sleepUntil(parts.clock.now() + 1_000);
    if (parts.simulator.runner.status().state !== 'stopped') await parts.end();
  }
}

test('an answer tells what the simulator does from then on', () =>
  withServer(async ({ app, settle }) => {
    const answerTo = async (request: InjectOptions) => {
      let answered = false;
      const answer = app.inject(request).finally(() => {
        answered = true;
      });
      while (!answered) await settle();
      return (await answer).json();
    };
    const rate = await answerTo({ method: 'PUT', url: '/v1/rate', payload: { rate: 200 } });
    assert.equal(rate.requestedRate, 200);
    const outage = await answerTo({ method: 'POST', url: '/v1/scenarios/payment-outage', payload: {} });
    assert.deepEqual(outage.scenarios, ['payment-outage']);
    for (const [action, state] of [
      ['pause', 'paused'],
      ['resume', 'running'],
    ]) {
      assert.equal((await answerTo({ method: 'POST', url: `/v1/${action}` })).state, state);
    }
  }));

test('the rate can be set and is shown', () =>
  withServer(async ({ app, settle }) => {
    const changed = await app.inject({ method: 'PUT', url: '/v1/rate', payload: { rate: 500 } });
    assert.equal(changed.statusCode, 200);
    await settle();
    assert.equal((await app.inject('/v1/status')).json().requestedRate, 500);
  }));

test('what makes no sense is refused with the reason, and nothing changes', () =>
  withServer(async ({ app, settle }) => {
    const refused: [method: 'PUT' | 'POST', url: string, payload: object][] = [
      ['PUT', '/v1/rate', { rate: -1 }],
      ['PUT', '/v1/rate', { rate: 1e9 }],
      ['PUT', '/v1/rate', { rate: 'fast' }],
      ['PUT', '/v1/rate', {}],
      ['PUT', '/v1/rate', { rate: 1, extra: 2 }],
      ['PUT', '/v1/profile', { profile: 'sawtooth', rate: 1 }],
      ['PUT', '/v1/profile', { profile: 'spike', rate: 1 }],
      ['PUT', '/v1/profile', { profile: 'ramping-arrival-rate', startRate: 1, stages: [] }],
      ['PUT', '/v1/faults', { late: 2 }],
      ['PUT', '/v1/faults', { late: 0.6, drop: 0.6 }],
      ['PUT', '/v1/faults', { gremlins: 0.1 }],
      ['POST', '/v1/scenarios/earthquake', {}],
      ['POST', '/v1/scenarios/stock-out', { for: 'ever' }],
      ['POST', '/v1/run', { from: 'yesterday' }],
      ['POST', '/v1/run', { from: '-99999d' }],
    ];
    for (const [method, url, payload] of refused) {
      const answer = await app.inject({ method, url, payload });
      assert.equal(answer.statusCode, 400, `${url} ${JSON.stringify(payload)}`);
      assert.match(answer.headers['content-type'] as string, /application\/problem\+json/);
      assert.equal(answer.json().code, 'invalid_request');
    }
    await settle();
    const status = (await app.inject('/v1/status')).json();
    assert.equal(status.requestedRate, 50);
    assert.deepEqual(status.scenarios, []);
  }));

test('of the two kinds of run, the refusal speaks of the one that was meant', () =>
  withServer(async ({ app }) => {
    const refusal = async (payload: object) =>
      (await app.inject({ method: 'POST', url: '/v1/run', payload })).json().detail;
    assert.match(await refusal({ from: '30d' }), /^body\/from must match pattern/);
    assert.match(
      await refusal({ again: { seed: 'x' } }),
      /^body\/again must have required property 'shops'$/,
    );
  }));

test('profiles, faults and scenarios can be set and are shown', () =>
  withServer(async ({ app, settle }) => {
    const profile = { profile: 'diurnal', rate: 20, unit: 'sessions' };
    await app.inject({ method: 'PUT', url: '/v1/profile', payload: profile });
    await app.inject({ method: 'PUT', url: '/v1/faults', payload: { late: 0.1 } });
    await app.inject({ method: 'POST', url: '/v1/scenarios/flash-sale', payload: { for: '10m' } });
    await settle();
    const status = (await app.inject('/v1/status')).json();
    assert.deepEqual(status.profile, profile);
    assert.deepEqual(status.faults, { late: 0.1 });
    assert.deepEqual(status.scenarios, ['flash-sale']);
    await app.inject({ method: 'DELETE', url: '/v1/scenarios/flash-sale' });
    await settle();
    assert.deepEqual((await app.inject('/v1/status')).json().scenarios, []);
  }));

test('a scenario begun again for longer is not ended by what was said first', () =>
  withServer(async ({ app, clock, settle }) => {
    const begin = (duration: string) =>
      app.inject({ method: 'POST', url: '/v1/scenarios/bot-traffic', payload: { for: duration } });
    await begin('1s');
    await settle();
    await begin('1h');
    await clock.sleepUntil(clock.now() + 5_000);
    await settle();
    assert.deepEqual((await app.inject('/v1/status')).json().scenarios, ['bot-traffic']);
  }));

test('pause and resume show in the status; after a stop, steering is refused', () =>
  withServer(async ({ app, settle }) => {
    for (const [action, state] of [
      ['pause', 'paused'],
      ['resume', 'running'],
      ['stop', 'stopped'],
    ]) {
      await app.inject({ method: 'POST', url: `/v1/${action}` });
      await settle().catch(() => {});
      assert.equal((await app.inject('/v1/status')).json().state, state);
      if (state === 'stopped') break;
    }
    const answer = await app.inject({ method: 'PUT', url: '/v1/rate', payload: { rate: 5 } });
    assert.equal(answer.statusCode, 409);
    assert.equal(answer.json().code, 'stopped');
  }));

test('what was done to a run is in its timeline, and a run can be begun again from it', () =>
  withServer(async ({ app, settle, simulator, clock }) => {
    await app.inject({ method: 'PUT', url: '/v1/rate', payload: { rate: 500 } });
    await settle();
    const recorded = (await app.inject('/v1/timeline')).json();
    assert.equal(recorded.timeline.length, 1);
    assert.deepEqual(recorded.timeline[0].command, { command: 'rate', rate: 500 });
    const begun = app.inject({ method: 'POST', url: '/v1/run', payload: { again: recorded } });
    await new Promise(setImmediate);
    await clock.sleepUntil(clock.now() + 1_000);
    assert.equal((await begun).statusCode, 200);
    assert.equal(simulator.spec.seed, 'one');
    assert.equal(simulator.spec.origin, START);
  }));

test('what was done last is told newest first, and no more of it than was asked for', () =>
  withServer(async ({ app, settle }) => {
    assert.deepEqual((await app.inject('/v1/timeline/recent')).json(), { count: 0, commands: [] });
    for (const rate of [10, 20, 30]) {
      await app.inject({ method: 'PUT', url: '/v1/rate', payload: { rate } });
      await settle();
    }
    const ratesOf = async (url: string) => {
      const { count, commands } = (await app.inject(url)).json();
      assert.equal(count, 3);
      return commands.map(({ command }: { command: { rate: number } }) => command.rate);
    };
    assert.deepEqual(await ratesOf('/v1/timeline/recent'), [30, 20, 10]);
    assert.deepEqual(await ratesOf('/v1/timeline/recent?limit=2'), [30, 20]);
    for (const limit of ['0', '1000', '-1', 'x', '1.5']) {
      assert.equal((await app.inject(`/v1/timeline/recent?limit=${limit}`)).statusCode, 400, limit);
    }
  }));

test('the simulator is not ready when nothing has moved for a while', () =>
  withServer(async ({ app, simulator }) => {
    assert.equal((await app.inject('/-/ready')).statusCode, 200);
    const { registry } = createMetrics();
    const stalled = await createControlServer({
      simulator,
      registry,
      logger: pino({ level: 'silent' }),
      now: () => simulator.runner.lastTick + 60_000,
    });
    assert.equal((await stalled.inject('/-/ready')).statusCode, 503);
  }));

test('with a key, the interface answers only to it, and health stays open', () =>
  withServer(async ({ app }) => {
    assert.equal((await app.inject('/v1/status')).statusCode, 401);
    const wrong = await app.inject({ url: '/v1/status', headers: { authorization: 'Bearer nonsense' } });
    assert.equal(wrong.statusCode, 401);
    const right = await app.inject({
      url: '/v1/status',
      headers: { authorization: 'Bearer a-key-of-some-length' },
    });
    assert.equal(right.statusCode, 200);
    assert.equal((await app.inject('/-/healthy')).statusCode, 200);
  }, 'a-key-of-some-length'));

test('the key is asked for however the address is written', () =>
  withServer(async ({ app }) => {
    for (const url of ['/v1/status', '/%761/status', '/v%31/status', '/%76%31/status?x=1', '/v1/statu%73']) {
      assert.equal((await app.inject(url)).statusCode, 401, url);
    }
    const forged = await app.inject({ method: 'PUT', url: '/%761/rate', payload: { rate: 1 } });
    assert.equal(forged.statusCode, 401);
  }, 'a-key-of-some-length'));

test('an unknown path is answered with where to look', () =>
  withServer(async ({ app }) => {
    const answer = await app.inject('/v2/nothing');
    assert.equal(answer.statusCode, 404);
    assert.match(answer.json().detail, /openapi\.json/);
  }));

test('every route of the interface is in its OpenAPI document', () =>
  withServer(async ({ app }) => {
    const { paths } = (await app.inject('/openapi.json')).json();
    assert.deepEqual(Object.keys(paths).sort(), [
      '/v1/faults',
      '/v1/ledger',
      '/v1/pause',
      '/v1/profile',
      '/v1/rate',
      '/v1/resume',
      '/v1/run',
      '/v1/scenarios',
      '/v1/scenarios/{name}',
      '/v1/status',
      '/v1/stop',
      '/v1/timeline',
      '/v1/timeline/recent',
    ]);
  }));

test('metrics are served', () =>
  withServer(async ({ app }) => {
    const { payload } = await app.inject('/metrics');
    assert.match(payload, /storepulse_simulator_requested_rate 50/);
    assert.match(payload, /storepulse_simulator_events_total\{type="shop_upserted"\} 1/);
  }));
