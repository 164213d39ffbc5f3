import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RunningPart } from '@storepulse/local';
import { withStateOf } from './with-state-of.ts';

test('a failure comes with what each part says of itself and with the end of its log', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'storepulse-state-'));
  t.after(() => rm(folder, { recursive: true }));
  const logFile = join(folder, 'processor.log');
  await writeFile(logFile, 'started\nmerging failed\n');
  const server = createServer((_request, response) => response.end('{"ready":false}')).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await new Promise((listening) => server.once('listening', listening));
  const service = { name: 'processor', pid: 7, logFile };
  const at = (port: number) => ({ url: `http://127.0.0.1:${port}`, service }) as RunningPart;
  const { port } = server.address() as AddressInfo;

  assert.equal(await withStateOf([at(port)], async () => 'done'), 'done');
  const cause = new Error('not within 300 s');
  await assert.rejects(
    withStateOf([at(port), at(1)], () => Promise.reject(cause)),
    (error: Error) => {
      assert.equal(error.cause, cause);
      const [first, ...others] = error.message.split('\n');
      assert.equal(first, 'not within 300 s');
      assert.deepEqual(others.slice(0, 3), [
        'processor (7): {"ready":false}',
        '    started',
        '    merging failed',
      ]);
      assert.match(others[3]!, /^processor \(7\): it does not answer/);
      return true;
    },
  );
});
