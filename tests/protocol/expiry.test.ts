import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  COLLECTION_KEEPING,
  catalog,
  type MetricDocument,
  type PartialDocument,
  type Resolution,
  type ShopId,
  windowExpiry,
  windowId,
  zoneCalendar,
} from '@storepulse/contracts';
import { compilePlan } from '@storepulse/processor/aggregate/plan';
import type { OutputRecord } from '@storepulse/processor/kafka/port';
import { createExpirer } from '@storepulse/processor/merge/expirer';
import { createMerger } from '@storepulse/processor/merge/merger';
import { type Database, prepareDatabase } from '@storepulse/processor/store/database';
import { NOON, SHOP } from '@storepulse/processor/testing/events';
import { useDatabases } from './databases.ts';

const aDatabase = useDatabases();
const plan = compilePlan(catalog);
const calendar = zoneCalendar(SHOP.timeZone);
const KEPT_FOR_TIME = { ...SHOP, retention: 'standard' as const };
const fine = idOf('10s');
const lifetime = idOf('all');
const expiry = windowExpiry({ resolution: '10s', start: NOON as never }, 'standard', calendar)!;

function idOf(resolution: Resolution): string {
  const start = (resolution === 'all' ? 0 : NOON) as never;
  return windowId({
    shop: SHOP.shop as ShopId,
    group: 'sales',
    part: 'narrow',
    resolution,
    start,
    bucket: 0,
  });
}

function mergerOf(database: Database, now: () => number, shop: typeof SHOP = KEPT_FOR_TIME) {
  return createMerger({
    database,
    plan,
    shops: { get: () => ({ shop, calendar }), refresh: async () => undefined },
    tasksOf: new Map(plan.groups.map(({ name }) => [name, ['facts/0']])),
    latenessMs: 0,
    now,
  });
}

/** Stores one task's share of a window of ten seconds and of the lifetime, and merges both. */
async function merged(database: Database, kept: Partial<PartialDocument>): Promise<void> {
  const cells = { total: { all: { orders: 1 } } };
  const partial = (window: string, more: Partial<PartialDocument>): PartialDocument => ({
    ...{ _id: `facts/0|${window}`, task: 'facts/0', window, seq: 1, cells },
    ...more,
  });
  await database.partials.insertMany([partial(fine, kept), partial(lifetime, {})]);
  await mergerOf(database, () => NOON)([fine, lifetime]);
}
const stored = async ({ metrics }: Database) => (await metrics.distinct('_id')).sort();
const isTombstone = ({ value }: OutputRecord) => value === null;

test('a window whose time has passed is taken off the store, and its tombstone told, also again; others are merged', async () => {
  const database = await aDatabase();
  await merged(database, { expireAt: new Date(expiry) });
  const before = mergerOf(database, () => expiry - 1);
  assert.deepEqual((await before([fine])).map(isTombstone), [false]);
  assert.deepEqual(await stored(database), [fine, lifetime].sort());

  const merge = mergerOf(database, () => expiry);
  const told = await merge([fine, lifetime]);
  assert.deepEqual(
    told.map((record) => [String(record.key), isTombstone(record)]),
    [
      [fine, true],
      [lifetime, false],
    ],
  );
  assert.deepEqual(await stored(database), [lifetime]);
  assert.equal(await database.partials.countDocuments({ window: fine }), 0);
  assert.deepEqual((await merge([fine])).map(isTombstone), [true], 'after a crash in between');
  assert.deepEqual(await stored(database), [lifetime]);
});

test('what was stored while the shop kept everything stays when it does so no more', async () => {
  const database = await aDatabase();
  await merged(database, {});
  const merge = mergerOf(database, () => expiry);
  assert.deepEqual((await merge([fine])).map(isTombstone), [false]);
  assert.deepEqual(await stored(database), [fine, lifetime].sort());
});

test('what was stored for a time ends then, also when the shop keeps everything from now on', async () => {
  const database = await aDatabase();
  await merged(database, { expireAt: new Date(expiry) });
  const merge = mergerOf(database, () => expiry, { ...SHOP, retention: 'forever' });
  assert.deepEqual((await merge([fine, lifetime])).map(isTombstone), [true, false]);
  assert.deepEqual(await stored(database), [lifetime]);
});

test('windows are asked to be ended once their time has passed, and no second time at once', async () => {
  const database = await aDatabase();
  await merged(database, { expireAt: new Date(expiry) });
  let now = expiry - 1;
  const asked: string[] = [];
  const send = async (_topic: string, records: readonly OutputRecord[]) => {
    asked.push(...records.map(({ key }) => String(key)));
  };
  const expire = createExpirer({ database, sender: { send }, now: () => now });
  await expire();
  assert.deepEqual(asked, []);
  now = expiry;
  await expire();
  await expire();
  assert.deepEqual(asked, [fine]);
  now += 31_000;
  await expire();
  assert.deepEqual(asked, [fine, fine]);
});

test('a database of a release that had MongoDB take windows off at once leaves it to the processor', async () => {
  const database = await aDatabase();
  const { metrics } = database;
  const after = async () =>
    (await metrics.indexes()).find(({ key }) => 'expireAt' in key)?.expireAfterSeconds;
  const wanted = await after();
  await database.db.command({
    collMod: 'metrics',
    index: {
      keyPattern: { expireAt: 1 } satisfies Partial<Record<keyof MetricDocument, 1>>,
      expireAfterSeconds: 0,
    },
  });
  await prepareDatabase(database);
  assert.equal(await after(), wanted);
  assert.ok(wanted! > 0);
});

test('each collection is known to have an end or a reason to have none, and windows and visits go by an index', async () => {
  const { db } = await aDatabase();
  const names = (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
  assert.deepEqual(
    names.filter((name) => !(name in COLLECTION_KEEPING)),
    [],
    'say in contracts/src/keeping.ts when its documents end',
  );
  for (const name of ['metrics', 'partials', 'sessions']) {
    const indexes = await db.collection(name).indexes();
    assert.ok(
      indexes.some(({ key, expireAfterSeconds }) => 'expireAt' in key && expireAfterSeconds !== undefined),
      name,
    );
  }
});
