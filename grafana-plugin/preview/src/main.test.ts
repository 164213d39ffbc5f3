import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

/** Starts the preview as a process. */
function start(t: TestContext, environment: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN], { env: { PATH: process.env.PATH, ...environment } });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

test('it serves its page and health, and ends with status 0 when it is told to', async (t) => {
  // Nothing listens at port 9: the preview starts all the same, and is not ready.
  const child = start(t, { PREVIEW_PORT: '0', EXPORTER_URL: 'http://127.0.0.1:9' });
  const [line] = await once(child.stdout, 'data');
  const { address } = JSON.parse(String(line));
  assert.equal((await fetch(`${address}/-/healthy`)).status, 200);
  assert.match(await (await fetch(`${address}/d/shop-overview`)).text(), /<div id="root">/);

  const ready = await fetch(`${address}/-/ready`);
  assert.equal(ready.status, 503);
  const { missing } = (await ready.json()) as { missing: string[] };
  assert(missing.includes('the exporter at http://127.0.0.1:9 is not ready'));

  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('a setting that does not fit ends it with one message', async (t) => {
  const child = start(t, { EXPORTER_URL: 'exporter' });
  const [[text], [status]] = await Promise.all([once(child.stderr, 'data'), once(child, 'exit')]);
  assert.equal(status, 1);
  assert.match(String(text), /^storepulse preview: .*\n.*EXPORTER_URL: "exporter" does not fit/);
});
