import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { processIdentity } from './identity.mjs';
import { withLock } from './lock.mjs';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'storepulse-lock-'));
});
after(() => rmSync(folder, { recursive: true }));

test('two pieces of work under one lock never overlap', async () => {
  const file = join(folder, 'turns.lock');
  let inside = 0;
  const work = async () => {
    inside += 1;
    assert.equal(inside, 1);
    await turn();
    inside -= 1;
  };
  await Promise.all([withLock(file, work), withLock(file, work), withLock(file, work)]);
  assert.equal(existsSync(file), false);
});

test('a lock whose holder has died is taken over', async () => {
  const file = join(folder, 'dead.lock');
  // Our own pid with another start time: what a recycled pid looks like.
  writeFileSync(file, JSON.stringify({ pid: process.pid, identity: 'an earlier start' }));
  assert.equal(await withLock(file, async () => 'done'), 'done');
});

test('who waits for a lock learns who holds it', async () => {
  const file = join(folder, 'held.lock');
  writeFileSync(file, JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) }));
  const waitedFor: number[] = [];
  await assert.rejects(
    withLock(file, async () => undefined, { timeoutMs: 0, onWait: (pid) => waitedFor.push(pid) }),
    new RegExp(`Process ${process.pid} has held .*held\\.lock.* delete that file`),
  );
  assert.deepEqual(waitedFor, [process.pid]);
});

test('work that fails gives the lock back', async () => {
  const file = join(folder, 'failing.lock');
  await assert.rejects(
    withLock(file, async () => {
      throw new Error('broken');
    }),
    /broken/,
  );
  assert.equal(existsSync(file), false);
});
