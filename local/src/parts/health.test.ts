import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { freePorts } from '../processes/free-ports.ts';
import { checkHealth } from './health.ts';
import type { RunState } from './run-file.ts';

const runWith = (parts: RunState['parts']): RunState => ({
  supervisor: { pid: 1, identity: '' },
  startedAt: '',
  settings: {},
  parts,
});

/** Serves `/-/ready` with this answer while `work` runs. */
async function withReadiness<T>(status: number, body: string, work: (url: string) => Promise<T>): Promise<T> {
  const server = createServer((_, response) => response.writeHead(status).end(body)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await work(`http://127.0.0.1:${(server.address() as { port: number }).port}`);
  } finally {
    server.close();
  }
}

test('a part is ready when it says so, and the lag is what the processor says', async () => {
  const body = JSON.stringify({ ready: true, lag: { records: 12, seconds: 0.5 } });
  const { parts, lag } = await withReadiness(200, body, (address) =>
    checkHealth(runWith([{ name: 'processor', address, state: 'up', restarts: 0 }])),
  );
  assert.equal(parts[0]?.ready, true);
  assert.deepEqual(lag, { records: 12, seconds: 0.5 });
});

test('a part that answers 503, or something else than it should, is not ready or has no lag', async () => {
  const health = (status: number, body: string) =>
    withReadiness(status, body, (address) =>
      checkHealth(runWith([{ name: 'processor', address, state: 'up', restarts: 0 }])),
    );
  assert.equal((await health(503, '{"ready":false}')).parts[0]?.ready, false);
  assert.equal((await health(200, '<html>')).parts[0]?.ready, false);
  assert.equal((await health(200, '{"ready":true,"lag":{"records":"many"}}')).lag, null);
});

test('Prometheus is ready when it says so, in its own words', async () => {
  const { parts } = await withReadiness(200, 'Prometheus Server is Ready.\n', (address) =>
    checkHealth(runWith([{ name: 'prometheus', address, state: 'up', restarts: 0 }])),
  );
  assert.equal(parts[0]?.ready, true);
});

test('a part that does not answer is not ready', async () => {
  const [port] = await freePorts(1);
  const { parts } = await checkHealth(
    runWith([{ name: 'exporter', address: `http://127.0.0.1:${port}`, state: 'up', restarts: 0 }]),
  );
  assert.equal(parts[0]?.ready, false);
});

test('a server is ready while it runs, and one that was given by address is taken for it', async () => {
  const { parts } = await checkHealth(
    runWith([
      { name: 'kafka', address: '127.0.0.1:1', state: 'restarting', restarts: 1 },
      { name: 'mongodb', address: 'db:27017', state: 'external', restarts: 0 },
    ]),
  );
  assert.deepEqual(
    parts.map(({ ready }) => ready),
    [false, true],
  );
});
