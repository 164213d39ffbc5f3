import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { processIdentity } from '../../bootstrap/identity.mjs';
import { createGuard } from './guard.ts';

const GUARD = new URL('./guard.ts', import.meta.url).href;

/** A process that starts a child under a guard, prints the child's pid, and does not end. */
function guardingParent(): string {
  return `
    import { spawn } from 'node:child_process';
    import { createGuard } from ${JSON.stringify(GUARD)};
    const child = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
    createGuard().watch(child.pid);
    console.log(child.pid);
    setInterval(() => {}, 1000);
  `;
}

async function untilGone(pid: number): Promise<void> {
  while (processIdentity(pid) !== undefined) await sleep(20);
}

test('a child ends when its parent is killed with -9', async () => {
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', guardingParent()]);
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  assert.ok(processIdentity(pid));
  parent.kill('SIGKILL');
  await untilGone(pid);
});

test('a forgotten process outlives the guard, a watched one does not', async () => {
  const guard = createGuard();
  const children = [0, 1].map(() =>
    spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' }),
  );
  const [forgotten, watched] = children as [(typeof children)[0], (typeof children)[0]];
  guard.watch(forgotten.pid!);
  guard.watch(watched.pid!);
  guard.forget(forgotten.pid!);
  await Promise.all([guard.close(), once(watched, 'exit')]);
  assert.equal(forgotten.exitCode, null);
  assert.equal(forgotten.signalCode, null);
  forgotten.kill('SIGKILL');
  await once(forgotten, 'exit');
});
