/** What hundreds of tasks of one process ask of MongoDB together. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, SESSION_IDLE_MS } from '@storepulse/contracts';
import { claimTask } from '@storepulse/processor/aggregate/claim';
import { endedVisits, findDue } from '@storepulse/processor/aggregate/due';
import { createClaimNote } from '@storepulse/processor/store/claim-note';
import type { Database } from '@storepulse/processor/store/database';
import { registerMetrics } from '@storepulse/processor/store/stored-metrics';
import { useDatabases } from './databases.ts';

const aDatabase = useDatabases();
const NOW = Date.UTC(2026, 0, 9, 12);
const idsOf = (many: number) => Array.from({ length: many }, (_, n) => `facts/${n}`);

/** Counts the reads of the metrics' accounts, and the writes to them. */
function countUses({ storedMetrics }: Database) {
  const counted = { reads: 0, writes: 0 };
  const find = storedMetrics.find.bind(storedMetrics);
  const updateMany = storedMetrics.updateMany.bind(storedMetrics);
  storedMetrics.find = ((...given: Parameters<typeof find>) => {
    counted.reads++;
    return find(...given);
  }) as typeof find;
  storedMetrics.updateMany = (...given) => {
    counted.writes++;
    return updateMany(...given);
  };
  return counted;
}

test('claims that come together are noted by one read and one write, and each task begins where it was', async () => {
  const database = await aDatabase();
  const generations = await registerMetrics(database.storedMetrics, catalog);
  const tasks = idsOf(64);
  const claims = await Promise.all(tasks.map((task) => claimTask(database, task, 'owner')));
  const note = createClaimNote(database, catalog, generations, () => tasks);
  const counted = countUses(database);
  await Promise.all(claims.map(note));
  assert.deepEqual(counted, { reads: 1, writes: 1 });
  const stored = await database.storedMetrics.find().toArray();
  for (const { _id, started } of stored)
    assert.deepEqual(new Set(Object.keys(started)), new Set(tasks), `${_id} is begun by every task`);

  // Of a later claim the checkpoint tells more; what was noted first stays.
  const later = await claimTask(database, 'facts/3', 'other');
  await note({ ...later, checkpoint: { ...later.checkpoint, offsets: { transactions: 9 } } });
  const [first] = await database.storedMetrics.find().limit(1).toArray();
  assert.deepEqual(first!.started['facts/3'], { offsets: {} });
});

test('of many tasks only those have something to tend to that have orders, shares or visits that ended', async () => {
  const database = await aDatabase();
  const { erasures, visitShares, sessions } = database;
  const tasks = idsOf(50).map((id) => ({ id, reached: () => ({ demo: NOW }) }));
  assert.deepEqual(await findDue(database, tasks), new Set());

  const visit = (task: string, lastTime: number, settled = false) =>
    ({ _id: `demo|${task}`, task, shop: 'demo', lastTime, settled }) as never;
  await erasures.insertOne({ _id: 'facts/1|demo|c1', task: 'facts/1', key: 'demo|c1' } as never);
  await visitShares.insertOne({ _id: 'share', owner: 'facts/2', visit: 'demo|v', state: {} } as never);
  await sessions.insertMany([
    visit('facts/3', NOW - SESSION_IDLE_MS),
    visit('facts/4', NOW - SESSION_IDLE_MS + 1),
    visit('facts/5', NOW - 2 * SESSION_IDLE_MS, true),
    visit('facts/99', NOW - 2 * SESSION_IDLE_MS),
  ]);
  assert.deepEqual(await findDue(database, tasks), new Set(['facts/1', 'facts/2', 'facts/3']));
  // Where more is found than is read, each looks for itself.
  assert.equal((await findDue(database, tasks, 1)).size, 50);
});

test('visits that have ended are found without going over those that are under way, and those of a shop whose time is behind', async () => {
  const { sessions } = await aDatabase();
  const tasks = idsOf(4).map((id) => ({ id, reached: () => ({ demo: NOW, behind: NOW - 86_400_000 }) }));
  const visit = (n: number, shop: string, lastTime: number) =>
    ({ _id: `${shop}|${n}`, task: `facts/${n % 4}`, shop, lastTime, settled: false }) as never;
  const many = [...Array(500).keys()];
  await sessions.insertMany([
    ...many.map((n) => visit(n, 'demo', NOW - n)),
    ...many.map((n) => visit(n, 'behind', NOW - 2 * SESSION_IDLE_MS - n)),
    visit(1_001, 'demo', NOW - 2 * SESSION_IDLE_MS),
  ]);
  const explained = await sessions.find({ $or: endedVisits(tasks) }).explain('executionStats');
  const { nReturned, totalKeysExamined } = explained.executionStats;
  assert.equal(nReturned, 1);
  assert.ok(totalKeysExamined < 30, `${totalKeysExamined} keys`);
});
