import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, type PartialDocument, type ShopId, windowId, zoneCalendar } from '@storepulse/contracts';
import { compilePlan } from '@storepulse/processor/aggregate/plan';
import { createMerger } from '@storepulse/processor/merge/merger';
import { NOON, SHOP } from '@storepulse/processor/testing/events';
import { useDatabases } from './databases.ts';

const aDatabase = useDatabases();
const plan = compilePlan(catalog);
const shop = { shop: SHOP, calendar: zoneCalendar(SHOP.timeZone) };

test('500 windows of 512 tasks are merged, though one query can not name all their partials', async () => {
  const database = await aDatabase();
  const tasks = Array.from({ length: 512 }, (_, n) => `facts/${n}`);
  const windows = Array.from({ length: 500 }, (_, n) =>
    windowId({
      shop: SHOP.shop as ShopId,
      group: 'sales',
      part: 'narrow',
      resolution: '10s',
      start: (NOON + n * 10_000) as never,
      bucket: 0,
    }),
  );
  const partial = (task: string, window: string, orders: number): PartialDocument => ({
    ...{ _id: `${task}|${window}`, task, window, seq: 1 },
    cells: { total: { all: { orders } } },
  });
  await database.partials.insertMany(
    windows.flatMap((window, n) => [
      partial('facts/0', window, 1),
      partial(`facts/${1 + (n % 511)}`, window, 10),
    ]),
  );
  const merge = createMerger({
    database,
    plan,
    shops: { get: () => shop, refresh: async () => undefined },
    tasksOf: new Map(plan.groups.map(({ name }) => [name, tasks])),
    latenessMs: 0,
    now: () => NOON,
  });
  const records = await merge(windows);
  assert.deepEqual(
    records.map(({ key }) => String(key)),
    windows,
  );
  const stored = await database.metrics.find({}, { projection: { cells: 1 } }).toArray();
  assert.deepEqual(
    stored.map(({ cells }) => cells.total!.all!.orders),
    new Array(500).fill(11),
  );
});
