import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type MongoCluster, startMongoCluster } from '@storepulse/local';
import { type Database, openDatabase, prepareDatabase } from '@storepulse/processor/store/database';
import { anOrder } from '@storepulse/processor/testing/events';
import { batchOf, openFacts, WANTED } from './facts-task.ts';

let folder: string;
let cluster: MongoCluster;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storepulse-replica-set-'));
  cluster = await startMongoCluster({ dataDir: folder });
});
after(async () => {
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Claims the task anew, counts one order with it, and gives it up. */
async function countOne(database: Database, n: number): Promise<void> {
  const lost: Error[] = [];
  const task = await openFacts(database, (error) => lost.push(error));
  await task.process(batchOf([anOrder({ orderId: `order-${n}` })], n), WANTED);
  await task.drain();
  await task.close();
  assert.deepEqual(lost, []);
}

/** Orders counted in the lifetime window and stored as facts, as the primary has them. */
async function counted({ partials, facts }: Database) {
  const windows = await partials.find({ window: { $regex: '\\|sales\\|narrow\\|all\\|' } }).toArray();
  const orders = windows.map(({ cells }) => cells.total?.all?.orders as number);
  return { orders: orders.reduce((sum, n) => sum + n, 0), facts: await facts('orders').countDocuments() };
}

test('a lagging secondary changes nothing, whatever the connection string says of reading and writing', async () => {
  const wishes = 'readPreference=secondary&readConcernLevel=local&w=1&journal=false&retryWrites=false';
  const database = await openDatabase({ uri: `${cluster.uri}&${wishes}`, database: 'lagging' });
  try {
    await prepareDatabase(database);
    await countOne(database, 1);
    const secondaries = await cluster.secondaries();
    // With both behind, nothing would be acknowledged.
    const lagging = secondaries[0]!;
    await lagging.lag();
    await countOne(database, 2);
    await countOne(database, 3);
    await lagging.catchUp();
    assert.deepEqual(await counted(database), { orders: 3, facts: 3 });
  } finally {
    await database.close();
  }
});

test('a task that is claimed right after a fail-over goes on from what was committed before it', async () => {
  const database = await openDatabase({ uri: cluster.uri, database: 'failover' });
  try {
    await prepareDatabase(database);
    for (let n = 1; n <= 3; n++) {
      await countOne(database, n);
      await cluster.stepDown();
    }
    await countOne(database, 4);
    assert.deepEqual(await counted(database), { orders: 4, facts: 4 });
  } finally {
    await database.close();
  }
});

test('a commit that a fail-over interrupts is counted once', async () => {
  const database = await openDatabase({ uri: cluster.uri, database: 'interrupted' });
  try {
    await prepareDatabase(database);
    const task = await openFacts(database, () => undefined);
    const moved = cluster.stepDown();
    for (let n = 1; n <= 20; n++)
      await task.process(batchOf([anOrder({ orderId: `order-${n}` })], n), WANTED);
    await moved;
    await task.drain();
    await task.close();
    assert.deepEqual(await counted(database), { orders: 20, facts: 20 });
  } finally {
    await database.close();
  }
});
