import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { catalog, dimensionValue } from '@storepulse/contracts';
import { LAKE_TYPES } from '@storepulse/lake';
import { parse } from 'yaml';
import { openDatabase } from '../run/database.ts';
import { runModels } from '../run/run-models.ts';
import { type ModelFile, PROJECT_FOLDER, type Project, readProject } from './read-project.ts';
import { testsOf } from './read-tests.ts';
import { createRenderer, modelsInOrder } from './render.ts';

const project = readProject();
const models = (texts: Record<string, string>): Project => ({
  ...project,
  models: Object.entries(texts).map(
    ([name, text]): ModelFile => ({ name, path: `models/${name}.sql`, text, config: { preHooks: [] } }),
  ),
});
const ordered = (texts: Record<string, string>) => {
  const own = models(texts);
  return modelsInOrder(own, createRenderer(own)).map(({ file }) => file.name);
};

test('each model comes after those that it names, whatever it is called', () => {
  assert.deepEqual(
    ordered({ a: "select * from {{ ref('b') }}", b: "select * from {{ ref('c') }}", c: 'select 1' }),
    ['c', 'b', 'a'],
  );
});

test('a model that is not there, and a circle, are named', () => {
  assert.throws(
    () => ordered({ a: "select * from {{ ref('x') }}" }),
    /a names the model x, which is not there/,
  );
  const circle = { a: "select * from {{ ref('b') }}", b: "select * from {{ ref('a') }}" };
  assert.throws(() => ordered(circle), /a is made from itself, by way of b/);
});

test('a model that the database refuses is named with its file and the reason', async (t) => {
  const database = await openDatabase(':memory:', { threads: 1 });
  t.after(() => database.close());
  await assert.rejects(
    runModels(database, models({ a: 'select nothing_like_it from range(1)' })),
    /models\/a\.sql: .*nothing_like_it/,
  );
});

test('a test of a kind that is not known is refused where it is declared', () => {
  const file = { models: [{ name: 'm', columns: [{ name: 'c', data_tests: ['positive'] }] }] };
  assert.throws(
    () => testsOf('models/x.yml', file),
    /models\/x\.yml: m\.c has a test "positive", which is not known/,
  );
});

test('the closed lists of the models are those of the catalogue', () => {
  const lists = {
    devices: 'device',
    channels: 'channel',
    payment_methods: 'payment_method',
    checkout_steps: 'step',
    levels: 'level',
  };
  for (const [name, dimension] of Object.entries(lists)) {
    const { domain } = catalog.dimensions.get(dimension)!;
    assert.deepEqual(project.vars[name], 'values' in domain ? domain.values : undefined, name);
  }
});

test('a value of a dimension is what the catalogue makes of it', async (t) => {
  const database = await openDatabase(':memory:', { threads: 1 });
  t.after(() => database.close());
  const values = [
    null,
    '',
    ' ',
    'GB',
    'a\u0007b',
    'x'.repeat(80),
    'x'.repeat(81),
    '𝄞'.repeat(80),
    'mobile',
    'Mobile',
    'unknown',
    '\u00a0',
  ];
  const render = createRenderer(project);
  const sql = render(
    "select {{ any_name('v', 80) }} as name, {{ one_of('v', 'devices') }} as device from told",
    {
      ...{ model: 'm', isIncremental: false },
    },
  ).sql;
  for (const value of values) {
    const literal = value === null ? 'null::varchar' : `'${value}'`;
    const [row] = await database.rows(`with told as (select ${literal} as v) ${sql}`);
    const must = (dimension: string) => dimensionValue(catalog.dimensions.get(dimension)!, value);
    assert.deepEqual([row!.name, row!.device], [must('country'), must('device')], JSON.stringify(value));
  }
});

test('every event type of the lake is a source', () => {
  const file = parse(readFileSync(join(PROJECT_FOLDER, 'models/staging/sources.yml'), 'utf8')) as {
    sources: { tables: { name: string }[] }[];
  };
  const names = new Set(file.sources[0]!.tables.map(({ name }) => name));
  assert.deepEqual(
    [...LAKE_TYPES.keys()].filter((type) => !names.has(type)),
    [],
  );
});
