import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { processIdentity } from './identity.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CONTINUE = new URL('./continue.mjs', import.meta.url).href;

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'storepulse-continue-'));
});
after(() => rmSync(folder, { recursive: true }));

/** The text of a module that goes on as `script`. */
function bootstrapOf(script: string): string {
  const file = join(folder, 'script.mjs');
  writeFileSync(file, script);
  return `
    import { continueOnPinnedNode } from ${JSON.stringify(CONTINUE)};
    continueOnPinnedNode(${JSON.stringify(ROOT)}, ${JSON.stringify(file)}, ['an argument'], 1.5);
  `;
}

const start = (script: string) =>
  spawn(process.execPath, ['--input-type=module', '--eval', bootstrapOf(script)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });

const FOREVER = 'console.log(process.pid); setInterval(() => {}, 1000);';

test('the command gets its arguments, runs on the pinned Node, and its exit status is ours', async () => {
  const child = start('console.log(process.argv[2], process.execPath); process.exitCode = 7;');
  const [[line], [status]] = await Promise.all([once(child.stdout, 'data'), once(child, 'exit')]);
  assert.match(String(line), /^an argument .*node_modules\/node\/bin\/node\n$/);
  assert.equal(status, 7);
});

test('a request to stop reaches the command', async () => {
  const child = start(`process.on('SIGTERM', () => process.exit(3)); ${FOREVER}`);
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [3, null]);
});

test('a command that a signal ends, ends us by the same signal', async () => {
  const child = start(FOREVER);
  const [pid] = await once(child.stdout, 'data');
  process.kill(Number(pid), 'SIGKILL');
  assert.deepEqual(await once(child, 'exit'), [null, 'SIGKILL']);
});

test('the command ends when npm is killed with -9', async () => {
  const npm = `
    import { spawn } from 'node:child_process';
    const env = { ...process.env, npm_lifecycle_event: 'start' };
    const bootstrap = ${JSON.stringify(bootstrapOf(FOREVER))};
    spawn(process.execPath, ['--input-type=module', '--eval', bootstrap], { stdio: 'inherit', env });
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', npm], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [pid] = await once(child.stdout, 'data');
  assert.ok(processIdentity(Number(pid)));
  child.kill('SIGKILL');
  while (processIdentity(Number(pid)) !== undefined) await sleep(20);
});
