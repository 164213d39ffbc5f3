import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';

/** Runs test files in a process of its own, as this test is within a run itself, and returns what comes of it. */
async function runIn(root: string, files: readonly string[]) {
  const module = new URL('./node-tests.ts', import.meta.url).href;
  const program = join(root, 'run.mjs');
  writeFileSync(
    program,
    `import { runNodeTests } from ${JSON.stringify(module)};
     const run = await runNodeTests(${JSON.stringify(root)}, ${JSON.stringify({ files, concurrency: 2 })}, process.env, process.stderr);
     console.log(JSON.stringify(run));`,
  );
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, report] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { run: JSON.parse(out), report };
}

test('tests are counted by how they ended, a test that was cancelled or is to do among them', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'storepulse-tests-'));
  t.after(() => rmSync(root, { recursive: true }));
  writeFileSync(
    join(root, 'mixed.test.mjs'),
    `import { test } from 'node:test';
     test('one', () => {});
     test('two', () => {});
     test('broken', () => { throw new Error('broken'); });
     test('skipped', { skip: 'no browser here' }, () => {});
     test('hangs', { timeout: 50 }, () => new Promise(() => { setTimeout(() => {}, 100); }));`,
  );
  writeFileSync(join(root, 'sound.test.mjs'), `import { test } from 'node:test'; test('three', () => {});`);
  const mixed = await runIn(root, ['mixed.test.mjs', 'sound.test.mjs']);
  assert.deepEqual(mixed.run.counts, { passed: 3, failed: 2, skipped: 1 });
  assert.equal(mixed.run.ok, false);
  assert.match(mixed.report, /✖ broken/);
  assert.deepEqual(mixed.run.times.map(({ file }: { file: string }) => file).sort(), [
    'mixed.test.mjs',
    'sound.test.mjs',
  ]);
  const { run } = await runIn(root, ['sound.test.mjs']);
  assert.deepEqual([run.ok, run.counts], [true, { passed: 1, failed: 0, skipped: 0 }]);
});

test('files that share a process have hooks and times of their own, and one that is broken fails alone', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'storepulse-tests-'));
  t.after(() => rmSync(root, { recursive: true }));
  const hooked = (name: string) =>
    `import { beforeEach, test } from 'node:test';
     import assert from 'node:assert/strict';
     let begun = 0;
     beforeEach(() => begun++);
     test('first of ${name}', () => assert.equal(begun, 1));
     test('second of ${name}', () => assert.equal(begun, 2));`;
  writeFileSync(join(root, 'a.test.mjs'), hooked('a'));
  writeFileSync(join(root, 'b.test.mjs'), hooked('b'));
  writeFileSync(join(root, 'broken.test.mjs'), `import './missing.mjs';`);
  writeFileSync(join(root, 'alone.test.mjs'), `import { test } from 'node:test'; test('three', () => {});`);
  const { run, report } = await runIn(root, [
    'alone.test.mjs',
    'a.test.mjs',
    'broken.test.mjs',
    'b.test.mjs',
  ]);
  assert.deepEqual([run.ok, run.counts], [false, { passed: 5, failed: 1, skipped: 0 }]);
  assert.match(report, /Cannot find module .*missing\.mjs/);
  assert.deepEqual(run.times.map(({ file }: { file: string }) => file).sort(), [
    'a.test.mjs',
    'alone.test.mjs',
    'b.test.mjs',
    'broken.test.mjs',
  ]);
});

test('a file that can not be loaded has failed', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'storepulse-tests-'));
  t.after(() => rmSync(root, { recursive: true }));
  writeFileSync(join(root, 'broken.test.mjs'), `import './missing.mjs';`);
  const { run } = await runIn(root, ['broken.test.mjs']);
  assert.deepEqual([run.ok, run.counts], [false, { passed: 0, failed: 1, skipped: 0 }]);
});

test('a file that ends its process fails, and the other files are run by the other processes', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'storepulse-tests-'));
  t.after(() => rmSync(root, { recursive: true }));
  writeFileSync(
    join(root, 'ending.test.mjs'),
    `import { test } from 'node:test'; test('ends', () => process.kill(process.pid, 'SIGKILL'));`,
  );
  const sound = ['a.test.mjs', 'b.test.mjs', 'c.test.mjs'];
  for (const file of sound)
    writeFileSync(
      join(root, file),
      `import { test } from 'node:test'; test('sound', () => new Promise((done) => setTimeout(done, 200)));`,
    );
  const { run } = await runIn(root, ['ending.test.mjs', ...sound]);
  assert.equal(run.ok, false);
  assert.ok(run.counts.failed >= 1, JSON.stringify(run.counts));
  assert.equal(run.counts.passed, sound.length);
  assert.deepEqual(
    sound.filter((file) => !run.times.some((time: { file: string }) => time.file === file)),
    [],
  );
});
