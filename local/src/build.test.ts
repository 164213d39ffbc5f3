import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { type Build, buildStale } from './build.ts';

const BUILD: Build = {
  title: 'thing',
  workspace: 'thing',
  sources: ['thing/src'],
  output: 'thing/dist/out.js',
};

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'storepulse-build-'));
  mkdirSync(join(root, 'thing', 'src'), { recursive: true });
  write('thing/src/a.ts', 'one');
  write('package.json', JSON.stringify({ name: 'root', private: true, workspaces: ['thing'] }));
  const copy =
    "require('fs').cpSync('src', 'dist', { recursive: true }); require('fs').writeFileSync('dist/out.js', '')";
  write(
    'thing/package.json',
    JSON.stringify({ name: 'thing', version: '1.0.0', scripts: { build: `node -e "${copy}"` } }),
  );
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (path: string, text: string) => writeFileSync(join(root, path), text);
const build = () => buildStale(root, [BUILD]);

test('what was never built is built, and not again while its sources stay the same', async () => {
  assert.deepEqual(await build(), ['thing']);
  assert.ok(existsSync(join(root, BUILD.output)));
  // Another date alone, as after a checkout, changes nothing.
  utimesSync(join(root, 'thing/src/a.ts'), 1, 1);
  assert.deepEqual(await build(), []);
});

test('a changed, an added and a removed source each lead to a new build', async () => {
  await build();
  write('thing/src/a.ts', 'two');
  assert.deepEqual(await build(), ['thing']);
  write('thing/src/b.ts', '');
  assert.deepEqual(await build(), ['thing']);
  rmSync(join(root, 'thing/src/b.ts'));
  assert.deepEqual(await build(), ['thing']);
});

test('a removed output is built again', async () => {
  await build();
  rmSync(join(root, 'thing/dist'), { recursive: true });
  assert.deepEqual(await build(), ['thing']);
});

test('a build that fails tells why, and how to see all of it', async () => {
  write(
    'thing/package.json',
    JSON.stringify({ name: 'thing', scripts: { build: 'echo "ERROR in ./src/a.ts" && exit 1' } }),
  );
  await assert.rejects(build(), {
    code: 'build_failed',
    message:
      /The thing could not be built \(npm failed: ERROR in \.\/src\/a\.ts\)\. See all of it with: npm run build -w thing/,
  });
});
