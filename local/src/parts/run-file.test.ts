import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { processIdentity } from '../../bootstrap/identity.mjs';
import type { RecordedProcess } from '../processes/pid-file.ts';
import { type RunState, readRunState, removeRunState, writeRunState } from './run-file.ts';
import { claimRun } from './run-record.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'storepulse-run-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const me = (): RecordedProcess => ({ pid: process.pid, identity: processIdentity(process.pid)! });
const runOf = (supervisor: RecordedProcess): RunState => ({
  supervisor,
  startedAt: '2026-01-01T00:00:00.000Z',
  settings: {},
  parts: [{ name: 'kafka', address: '127.0.0.1:19092', state: 'up', restarts: 0 }],
});

test('what runs is read as it was written', () => {
  writeRunState(folder, runOf(me()));
  assert.deepEqual(readRunState(folder), runOf(me()));
});

test('nothing runs when nothing was written, when it was removed, or when its process has died', () => {
  assert.equal(readRunState(folder), undefined);
  writeRunState(folder, runOf({ pid: process.pid, identity: 'an earlier start' }));
  assert.equal(readRunState(folder), undefined);
  writeRunState(folder, runOf(me()));
  removeRunState(folder);
  assert.equal(readRunState(folder), undefined);
});

test('a second start beside a running one is refused with its pid and addresses', async () => {
  writeRunState(folder, runOf(me()));
  await assert.rejects(claimRun(folder, [], {}), {
    code: 'already_running',
    message: new RegExp(
      `runs already here \\(process ${process.pid}\\)[\\s\\S]*kafka +127\\.0\\.0\\.1:19092[\\s\\S]*npm stop`,
    ),
  });
});

test('a start after a killed one takes its place', async () => {
  writeRunState(folder, runOf({ pid: process.pid, identity: 'an earlier start' }));
  const record = await claimRun(folder, [], { KAFKA_BROKERS: '127.0.0.1:1' });
  assert.deepEqual(readRunState(folder)?.settings, { KAFKA_BROKERS: '127.0.0.1:1' });
  record.remove();
});
