import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { endOrphan, findRecorded, recordProcess } from './pid-file.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'storepulse-pids-'));
  file = join(folder, 'pids', 'thing.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const sleeper = (script = 'setInterval(() => {}, 1000); console.log("up")') =>
  spawn(process.execPath, ['--eval', script]);

test('an orphan is ended and forgotten', async () => {
  const child = sleeper();
  await once(child.stdout, 'data');
  recordProcess(file, child.pid!);
  assert.equal(findRecorded(file)?.pid, child.pid);
  const [pid] = await Promise.all([endOrphan(file, 5000), once(child, 'exit')]);
  assert.equal(pid, child.pid);
  assert.equal(existsSync(file), false);
});

test('an orphan that ignores the polite signal is killed', async () => {
  const child = sleeper('process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("up")');
  await once(child.stdout, 'data');
  recordProcess(file, child.pid!);
  const [, [, signal]] = await Promise.all([endOrphan(file, 0), once(child, 'exit')]);
  assert.equal(signal, 'SIGKILL');
});

test('a process that got a recorded pid by recycling is left alone', async () => {
  const child = sleeper();
  await once(child.stdout, 'data');
  recordProcess(file, child.pid!);
  const recorded = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...recorded, identity: 'another start' }));
  assert.equal(await endOrphan(file, 5000), undefined);
  assert.equal(child.exitCode, null);
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(child.signalCode, 'SIGKILL');
});

test('where nothing was recorded there is no orphan', async () => {
  assert.equal(await endOrphan(file, 5000), undefined);
});
