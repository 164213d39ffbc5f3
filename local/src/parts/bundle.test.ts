import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, realpath, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { run } from '../programs/run.ts';
import { bundle, bundledArguments } from './bundle.ts';

/** A checkout with these files; all of them are a minute old, so that none changes while it is put into a bundle. */
async function aCheckout(t: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'storepulse-bundle-')));
  t.after(() => rm(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries({ 'package-lock.json': '{}', ...files })) {
    await put(root, path, text, 60);
  }
  return root;
}

async function put(root: string, path: string, text: string, secondsAgo: number): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
  const then = Date.now() / 1_000 - secondsAgo;
  await utimes(join(root, path), then, then);
}

async function says(root: string): Promise<string> {
  return run(process.execPath, await bundledArguments(root, 'part/src/main.ts'), { timeoutMs: 30_000 });
}

const MAIN = "import { word } from './word.ts';\nconsole.log(word);\n";

test('a program does what its sources say, also after one of them has changed', async (t) => {
  const root = await aCheckout(t, {
    'part/src/main.ts': MAIN,
    'part/src/word.ts': "export const word: string = 'first';\n",
  });
  assert.equal(await says(root), 'first');
  await put(root, 'part/src/word.ts', "export const word: string = 'later';\n", 30);
  assert.equal(await says(root), 'later');
});

test('it is put into one file once, until a source or the lockfile changes', async (t) => {
  const root = await aCheckout(t, { 'part/src/main.ts': "console.log('here');\n" });
  const made = async () => (await stat(await bundle(root, 'part/src/main.ts'))).ino;
  const first = await made();
  assert.equal(await made(), first);
  await put(root, 'package-lock.json', '{ }', 30);
  assert.notEqual(await made(), first);
});

test('a source that changed while it was put into the file is read again', async (t) => {
  const root = await aCheckout(t, { 'part/src/main.ts': "console.log('here');\n" });
  await put(root, 'part/src/main.ts', "console.log('there');\n", -60);
  const made = async () => (await stat(await bundle(root, 'part/src/main.ts'))).ino;
  assert.notEqual(await made(), await made());
});

test('several that want it at once get the same, and nothing else is left', async (t) => {
  const root = await aCheckout(t, { 'part/src/main.ts': "console.log('here');\n" });
  const files = await Promise.all(Array.from({ length: 4 }, () => bundle(root, 'part/src/main.ts')));
  assert.equal(new Set(files).size, 1);
  assert.deepEqual((await readdir(dirname(files[0]!))).sort(), [
    'part-src-main.mjs',
    'part-src-main.mjs.inputs',
    'part-src-main.mjs.map',
  ]);
  assert.deepEqual(await readdir(join(files[0]!, '../..')), ['programs']);
});

test('a source finds the files that lie beside it', async (t) => {
  const root = await aCheckout(t, {
    'part/src/main.ts':
      "console.log(import.meta.dirname, new URL('../package.json', import.meta.url).pathname);\n",
  });
  assert.equal(await says(root), `${root}/part/src ${root}/part/package.json`);
});

test('an error names the line of its source', async (t) => {
  const root = await aCheckout(t, {
    'part/src/main.ts':
      "interface Nothing {}\n\nexport const none: Nothing = {};\nconsole.log(new Error('no').stack);\n",
  });
  assert.ok((await says(root)).includes(`${root}/part/src/main.ts:4:13`));
});

test('what can not be put into one file is named', async (t) => {
  const root = await aCheckout(t, { 'part/src/main.ts': "import './missing.ts';\n" });
  await assert.rejects(bundle(root, 'part/src/main.ts'), {
    code: 'build_failed',
    message: /part\/src\/main\.ts.*missing\.ts/s,
  });
});

test('a package whose start is shortened, and that has become another, is not put into it', async (t) => {
  const root = await aCheckout(t, {
    'part/src/main.ts': "import callers from 'pino/lib/caller.js';\nconsole.log(callers().length);\n",
    'node_modules/pino/lib/caller.js': 'module.exports = function () { return getCallSites() };\n',
  });
  assert.equal(await says(root), '0');
  await put(root, 'node_modules/pino/lib/caller.js', 'module.exports = () => whoCalls();\n', 30);
  await put(root, 'package-lock.json', '{ }', 30);
  await assert.rejects(says(root), /caller\.js is another than the one whose start is shortened/);
});
