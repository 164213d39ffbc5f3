import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { type FindOptions, findProgram, type Recipe, type Source } from './find-program.ts';
import { silentProgress } from './progress.ts';

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'storepulse-cache-'));
});
afterEach(() => rmSync(cache, { recursive: true }));

const find = <T>(recipe: Recipe<T>, environment: FindOptions['environment'] = {}) =>
  findProgram(recipe, { environment, cacheFolder: cache, progress: silentProgress });

/** A source that puts a file named `program` into its folder, and counts how often it was asked. */
function workingSource(name: string): Source & { asked: number } {
  return {
    name,
    folder: `${name}-1.0`,
    asked: 0,
    async fetch(into) {
      this.asked += 1;
      writeFileSync(join(into, 'program'), '');
    },
  };
}

function failingSource(name: string, reason: string): Source {
  return {
    name,
    folder: `${name}-1.0`,
    fetch: async () => {
      throw new Error(reason);
    },
  };
}

function recipe(change: Partial<Recipe<string>>): Recipe<string> {
  return {
    title: 'Thing',
    variable: 'THING_PATH',
    named: async (path) => (path === '/good' ? path : undefined),
    onMachine: async () => undefined,
    inFolder: (folder) => (existsSync(join(folder, 'program')) ? join(folder, 'program') : undefined),
    sources: [],
    advice: 'install Thing 2',
    ...change,
  };
}

test('a program named in the environment counts more than the one on the machine', async () => {
  const found = await find(recipe({ onMachine: async () => '/usr/bin/thing' }), { THING_PATH: '/good' });
  assert.deepEqual(found, { program: '/good', origin: 'environment' });
});

test('a wrong name in the environment is an error, not a reason to look further', async () => {
  await assert.rejects(find(recipe({ onMachine: async () => '/usr/bin/thing' }), { THING_PATH: '/bad' }), {
    code: 'program_unusable',
    message: 'THING_PATH is "/bad", where no usable Thing is. Correct it or unset it.',
  });
});

test('a program on the machine is used, and nothing is fetched', async () => {
  const source = workingSource('shop');
  const found = await find(recipe({ onMachine: async () => '/usr/bin/thing', sources: [source] }));
  assert.deepEqual(found, { program: '/usr/bin/thing', origin: 'machine' });
  assert.equal(source.asked, 0);
});

test('a program that is nowhere is fetched once and found in the cache after that', async () => {
  const source = workingSource('shop');
  const wanted = recipe({ sources: [source] });
  const program = join(cache, 'shop-1.0', 'program');
  assert.deepEqual(await find(wanted), { program, origin: 'fetched' });
  assert.deepEqual(await find(wanted), { program, origin: 'cache' });
  assert.equal(source.asked, 1);
});

test('two who need it at the same time fetch it once', async () => {
  const source = workingSource('shop');
  const wanted = recipe({ sources: [source] });
  const origins = (await Promise.all([find(wanted), find(wanted)])).map(({ origin }) => origin);
  assert.deepEqual(origins.sort(), ['cache', 'fetched']);
  assert.equal(source.asked, 1);
});

test('a source that fails makes room for the next one', async () => {
  const found = await find(recipe({ sources: [failingSource('far', 'no route'), workingSource('near')] }));
  assert.equal(found.program, join(cache, 'near-1.0', 'program'));
});

test('when no source has it, one message tells what was tried and what to do', async () => {
  const sources = [
    failingSource('the far source', 'no route'),
    failingSource('the near source', 'not found'),
  ];
  await assert.rejects(find(recipe({ sources })), {
    code: 'program_missing',
    message: [
      'Thing is not on this machine and could not be fetched. Tried:',
      '  - the far source: no route',
      '  - the near source: not found',
      'What to do: install Thing 2, or set THING_PATH to it, and start again.',
    ].join('\n'),
  });
});

test('a fetch that fails half-way leaves nothing in the cache', async () => {
  const source: Source = {
    name: 'shop',
    folder: 'shop-1.0',
    async fetch(into) {
      writeFileSync(join(into, 'half'), '');
      throw new Error('connection lost');
    },
  };
  await assert.rejects(find(recipe({ sources: [source] })), /connection lost/);
  assert.deepEqual(readdirSync(cache), []);
});

test('a source that gives something else is told apart from one that works', async () => {
  const source: Source = {
    name: 'shop',
    folder: 'shop-1.0',
    fetch: async (into) => writeFileSync(join(into, 'other'), ''),
  };
  await assert.rejects(find(recipe({ sources: [source] })), /shop: what it gave does not hold the program/);
});
