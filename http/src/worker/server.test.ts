import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import { Registry } from 'prom-client';
import { createWorkerServer, type WorkerStatus } from './server.ts';

test('a worker says 503 and why until it has started and is ready; it is healthy all the time', async () => {
  let status: WorkerStatus = { started: false, ready: false, reasons: ['it is starting'] };
  const registry = new Registry();
  await using app = createWorkerServer({
    ...{ part: 'processor', status: () => status, registry, log: pino({ level: 'silent' }) },
  });
  const seen = async () =>
    Promise.all(
      ['healthy', 'started', 'ready'].map(
        async (question) => (await app.inject(`/-/${question}`)).statusCode,
      ),
    );
  assert.deepEqual(await seen(), [200, 503, 503]);
  assert.deepEqual((await app.inject('/-/ready')).json(), status);
  status = { started: true, ready: false, reasons: ['it is behind'] };
  assert.deepEqual(await seen(), [200, 200, 503]);
  status = { started: true, ready: true, reasons: [] };
  assert.deepEqual(await seen(), [200, 200, 200]);
  assert.equal((await app.inject('/metrics')).statusCode, 200);
  assert.equal((await app.inject('/api/v1/query')).statusCode, 404);
  assert.equal((await app.inject({ method: 'POST', url: '/-/ready' })).statusCode, 405);
});
