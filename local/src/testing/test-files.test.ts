import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { ROOT } from '../paths.ts';
import { BESIDE_BUSIEST, BUSIEST, findTestFiles, LONGEST, lanesOf, needsServers } from './test-files.ts';

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

test('only files in tests/ need servers, and not those of what supports them', () => {
  const files = [
    'processor/src/a.test.ts',
    'tests/pipe.test.ts',
    'tests/support/until.test.ts',
    'tests/chaos/support/oracle.test.ts',
    'tests/provisioning/compose.test.ts',
  ];
  assert.deepEqual(files.filter(needsServers), ['tests/pipe.test.ts']);
});

test('beside the busiest file run only those without processors; of the others the longest begin first', () => {
  const { busiest, besideBusiest, others, withoutServers } = lanesOf([
    'docs/a.test.ts',
    'tests/b.test.ts',
    ...BESIDE_BUSIEST,
    BUSIEST,
    ...LONGEST.toReversed(),
  ]);
  assert.deepEqual(
    [busiest, besideBusiest, others].map(({ files }) => files),
    [[BUSIEST], BESIDE_BUSIEST, [...LONGEST, 'tests/b.test.ts']],
  );
  assert.deepEqual(withoutServers.files, ['docs/a.test.ts']);
  const none = lanesOf(['docs/a.test.ts']);
  assert.deepEqual([...none.busiest.files, ...none.besideBusiest.files, ...none.others.files], []);
  assert.deepEqual(lanesOf([...BESIDE_BUSIEST]).besideBusiest.files, []);
  assert.deepEqual(lanesOf([...BESIDE_BUSIEST]).others.files, BESIDE_BUSIEST);
});

test('no file beside the busiest starts a processor', async () => {
  for (const file of BESIDE_BUSIEST) {
    assert.doesNotMatch(await readFile(join(ROOT, file), 'utf8'), /processor|pipeline\(/i);
  }
});

test('each of the longest files is there', async () => {
  const files = await findTestFiles(ROOT);
  assert.deepEqual(
    [BUSIEST, ...BESIDE_BUSIEST, ...LONGEST].filter((file) => !files.includes(file)),
    [],
  );
});
