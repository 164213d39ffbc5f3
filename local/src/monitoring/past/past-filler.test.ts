import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createPastFiller } from './past-filler.ts';

const NOW = Date.UTC(2026, 0, 5, 12);

/** Simulator and processor in one, of which the processor is behind at its first answers. */
async function filler(t: TestContext, { behind = 0, storage = 'none' } = {}) {
  let left = behind;
  const asked: string[] = [];
  const answers: Record<string, () => unknown> = {
    '/v1/status': () => ({ madeUntil: NOW }),
    '/-/ready': () => ({ ready: true, lag: { records: left-- > 0 ? 7 : 0 }, merge: { lag: 0 } }),
  };
  const server = createServer((request, response) => {
    asked.push(request.url!);
    response.end(JSON.stringify(answers[request.url!]!()));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const notes: string[] = [];
  const { fill } = createPastFiller(
    { exporter: url, processor: url, simulator: url, exporterKeyFile: undefined },
    {
      findPromtool: async () => {
        throw new Error('promtool is nowhere');
      },
      storage,
      url,
      ruleFiles: async () => [],
    },
    () => NOW,
  );
  const run = () => fill((text) => notes.push(text), new AbortController().signal);
  return { run, notes, asked };
}

test('a Prometheus that has a storage keeps it as it is, and nothing is waited for', async (t) => {
  const storage = mkdtempSync(join(tmpdir(), 'storepulse-past-'));
  t.after(() => rmSync(storage, { recursive: true }));
  const { run, notes, asked } = await filler(t, { behind: 1, storage });
  assert.equal(await run(), false);
  assert.deepEqual([notes, asked], [[], []]);
});

test('a history that is not counted yet is waited for, and the reader is told', async (t) => {
  const { run, notes, asked } = await filler(t, { behind: 2 });
  await run();
  assert.match(notes[0]!, /starts when the history is counted/);
  assert.ok(asked.filter((path) => path === '/-/ready').length >= 3);
});

test('without promtool there is a Prometheus all the same, without a past', async (t) => {
  const { run, notes } = await filler(t);
  assert.equal(await run(), false);
  assert.deepEqual(notes, ['prometheus starts without a past: promtool is nowhere']);
});
