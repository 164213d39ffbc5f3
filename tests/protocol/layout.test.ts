import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Catalog, catalog, defineCatalog, LAYOUT_VERSION, type MetricSpec } from '@storepulse/contracts';
import { claimTask } from '@storepulse/processor/aggregate/claim';
import { createClaimNote } from '@storepulse/processor/store/claim-note';
import type { Database } from '@storepulse/processor/store/database';
import { prepareLayout, refuseNewerLayout } from '@storepulse/processor/store/layout';
import { type Migration, migrations } from '@storepulse/processor/store/migrations';
import {
  forgetMetric,
  readStoredMetrics,
  registerMetrics,
  storedMetricsOf,
} from '@storepulse/processor/store/stored-metrics';
import { useDatabases } from './databases.ts';

const aDatabase = useDatabases();

/** The product's catalogue with these stored metrics alone, changed as given. */
function catalogOf(...changes: readonly (string | Partial<MetricSpec>)[]): Catalog {
  const wanted = changes.map((change) => (typeof change === 'string' ? { name: change } : change));
  return defineCatalog({
    metrics: wanted.map((change) => ({ ...catalog.metrics.get(change.name!)!, ...change }) as MetricSpec),
    dimensions: [...catalog.dimensions.values()],
  });
}

/** What a processor with this catalogue does at its start and at a claim of a task that counts all of it. */
async function claimWith(database: Database, its: Catalog, offsets: Record<string, number>) {
  const generations = await registerMetrics(database.storedMetrics, its);
  const note = createClaimNote(database, its, generations, () => ['facts/0']);
  const claim = async (positions: Record<string, number>) => {
    await database.checkpoints.updateOne(
      { _id: 'facts/0' },
      { $set: { offsets: positions } },
      { upsert: true },
    );
    const claimed = await claimTask(database, 'facts/0', 'test');
    await note(claimed).finally(() => claimed.session.endSession());
  };
  await claim(offsets);
  return claim;
}

/** The offsets from which a metric is counted, by task. */
async function startedOf({ storedMetrics }: Database, name: string) {
  const { started } = (await readStoredMetrics(storedMetrics)).get(name)!;
  return Object.fromEntries(Object.entries(started).map(([task, { offsets }]) => [task, offsets]));
}

test('a metric that is new to the catalogue is counted from the offsets of the next claim on', async () => {
  const database = await aDatabase();
  await claimWith(database, catalogOf('orders'), {});
  await claimWith(database, catalogOf('orders', 'units'), { transactions: 7 });
  await claimWith(database, catalogOf('orders', 'units'), { transactions: 9 });
  assert.deepEqual(await startedOf(database, 'orders'), { 'facts/0': {} });
  assert.deepEqual(await startedOf(database, 'units'), { 'facts/0': { transactions: 7 } });
});

test('a changed definition is refused, and the command that counts it anew is named', async () => {
  const database = await aDatabase();
  await claimWith(database, catalogOf('orders', 'units'), {});
  await assert.rejects(
    registerMetrics(
      database.storedMetrics,
      catalogOf('orders', { name: 'units', revision: 2 } as Partial<MetricSpec>),
    ),
    { code: 'METRIC_CHANGED', message: /units.+npm run rebuild -- --metric units/ },
  );
});

test('a release that lacks a counted metric is refused, until the metric is forgotten on purpose', async () => {
  const database = await aDatabase();
  await claimWith(database, catalogOf('orders', 'units'), {});
  await assert.rejects(registerMetrics(database.storedMetrics, catalogOf('orders')), {
    code: 'METRIC_MISSING',
    message: /npm run rebuild -- --forget units/,
  });
  assert.equal(await forgetMetric(database.storedMetrics, catalogOf('orders'), 'units'), true);
  await claimWith(database, catalogOf('orders'), { transactions: 5 });
});

test('a forgotten metric that is back is counted apart from what it had before', async () => {
  const database = await aDatabase();
  await claimWith(database, catalogOf('orders', 'units'), {});
  await forgetMetric(database.storedMetrics, catalogOf('orders'), 'units');
  await claimWith(database, catalogOf('orders', 'units'), { transactions: 8 });
  assert.deepEqual(await startedOf(database, 'units'), { 'facts/0': { transactions: 8 } });
  assert.equal((await readStoredMetrics(database.storedMetrics)).get('units')?.generations.length, 2);
});

test('a process whose catalogue has been overtaken claims no task any more', async () => {
  const database = await aDatabase();
  const older = await claimWith(database, catalogOf('orders'), {});
  await claimWith(database, catalogOf('orders', 'units'), { transactions: 3 });
  await assert.rejects(older({ transactions: 4 }), { code: 'CATALOG_CHANGED' });
});

test('layout 1 becomes the present one: its metrics are counted from the beginning by every task', async () => {
  const database = await aDatabase();
  const hashes = Object.fromEntries(catalog.schemaHashes);
  await database.db.collection<{ _id: string }>('meta').insertOne({
    _id: 'layout',
    version: 1,
    partitions: 4,
    schemaHashes: { ...hashes, gone: 'x' },
  } as {
    _id: string;
  });
  await database.db
    .collection<{ _id: string }>('checkpoints')
    .insertMany([{ _id: 'facts/0' }, { _id: 'facts/1' }]);
  await prepareLayout(database, catalog, 4, 'test');
  assert.deepEqual(await database.meta.findOne(), { _id: 'layout', version: LAYOUT_VERSION, partitions: 4 });
  const stored = await readStoredMetrics(database.storedMetrics);
  assert.deepEqual([...stored.keys()].sort(), [...Object.keys(hashes), 'gone'].sort());
  assert.equal(stored.get('gone')?.forgotten, true);
  assert.deepEqual(await startedOf(database, 'orders'), { 'facts/0': {}, 'facts/1': {} });
  assert.equal(
    (await registerMetrics(database.storedMetrics, catalog)).size,
    storedMetricsOf(catalog).length,
  );
});

test('of processes that start at once one migrates, and a step that its process died in is done again', async () => {
  const database = await aDatabase();
  await database.meta.insertOne({
    _id: 'layout',
    version: 1,
    partitions: 4,
    migration: { owner: 'died', until: new Date(Date.now() - 1) },
  });
  let runs = 0;
  const [first, ...others] = migrations;
  const counted: Migration = {
    to: first!.to,
    run: async (...context) => {
      runs++;
      await first!.run(...context);
    },
  };
  await Promise.all(
    ['a', 'b', 'c'].map((owner) => prepareLayout(database, catalog, 4, owner, [counted, ...others])),
  );
  assert.equal(runs, 1);
});

test('a newer layout and another number of partitions are refused', async () => {
  const database = await aDatabase();
  await prepareLayout(database, catalog, 4, 'test');
  await refuseNewerLayout(database);
  await assert.rejects(prepareLayout(database, catalog, 8, 'test'), { code: 'PARTITIONS_CHANGED' });
  await database.meta.updateOne({ _id: 'layout' }, { $set: { version: LAYOUT_VERSION + 1 } });
  await assert.rejects(prepareLayout(database, catalog, 4, 'test'), { code: 'LAYOUT_UNKNOWN' });
  // Also before indexes are made, which may differ too.
  await assert.rejects(refuseNewerLayout(database), {
    code: 'LAYOUT_UNKNOWN',
    message: /use the release that wrote it/,
  });
});
