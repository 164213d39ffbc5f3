import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { isRunning, processIdentity } from './identity.mjs';

test('a process keeps its identity while it runs', () => {
  const identity = processIdentity(process.pid);
  assert.ok(identity);
  assert.equal(processIdentity(process.pid), identity);
});

test('a process that has ended has no identity', async () => {
  const child = spawn(process.execPath, ['--eval', '']);
  await once(child, 'exit');
  assert.equal(processIdentity(child.pid!), undefined);
});

test('another process under a recycled pid is not taken for the recorded one', () => {
  const identity = processIdentity(process.pid)!;
  assert.equal(isRunning({ pid: process.pid, identity }), true);
  assert.equal(isRunning({ pid: process.pid, identity: `${identity}0` }), false);
});
