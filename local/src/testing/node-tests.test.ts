import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findTestFiles } from './node-tests.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'storepulse-tests-'));
  for (const folder of ['contracts/src', 'contracts/node_modules/x', 'tests/chaos'])
    mkdirSync(join(root, folder), { recursive: true });
  for (const file of [
    'contracts/src/money.test.ts',
    'contracts/src/money.ts',
    'contracts/node_modules/x/x.test.ts',
    'tests/chaos/kill.test.ts',
  ]) {
    writeFileSync(join(root, file), '');
  }
});
afterEach(() => rmSync(root, { recursive: true }));

test('the test files of all folders are found, and not those of dependencies', async () => {
  assert.deepEqual(await findTestFiles(root), ['contracts/src/money.test.ts', 'tests/chaos/kill.test.ts']);
});

test('a pattern keeps the files whose path contains it', async () => {
  assert.deepEqual(await findTestFiles(root, 'chaos/'), ['tests/chaos/kill.test.ts']);
});

test('tests are counted by how they ended, a test that was cancelled or is to do among them', async () => {
  const file = join(root, 'mixed.test.mjs');
  writeFileSync(
    file,
    `import { test } from 'node:test';
     test('one', () => {});
     test('two', () => {});
     test('broken', () => { throw new Error('broken'); });
     test('skipped', { skip: 'no browser here' }, () => {});
     test('hangs', { timeout: 50 }, () => new Promise(() => { setTimeout(() => {}, 100); }));`,
  );
  const reporter = fileURLToPath(new URL('./counts-reporter.mjs', import.meta.url));
  // This test runs inside a test run itself, which a nested runner would report to.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(
    process.execPath,
    ['--test', `--test-reporter=${reporter}`, '--test-reporter-destination=stdout', file],
    { env },
  );
  const [out] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  assert.deepEqual(JSON.parse(out), { passed: 2, failed: 2, skipped: 1 });
});
