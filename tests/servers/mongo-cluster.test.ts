import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type MongoMember, startMongoCluster } from '@storepulse/local';
import { MongoClient } from 'mongodb';

const dataDir = mkdtempSync(join(tmpdir(), 'storepulse-replica-set-'));
after(() => rmSync(dataDir, { recursive: true }));

/** How many documents one member shows. */
async function seenBy({ uri }: MongoMember): Promise<number> {
  const client = new MongoClient(`${uri}&readPreference=secondaryPreferred`);
  try {
    return (await client.db('shop').collection('things').find({}).toArray()).length;
  } finally {
    await client.close();
  }
}

test('three members keep what a majority has acknowledged over a step-down and a kill; one can be made to lag', async () => {
  await using cluster = await startMongoCluster({ dataDir });
  await using client = new MongoClient(cluster.uri, { writeConcern: { w: 'majority' } });
  const things = client.db('shop').collection('things');
  await things.insertOne({ n: 1 });

  const first = await cluster.primary();
  const second = await cluster.stepDown();
  assert.notEqual(second.port, first.port);
  await things.insertOne({ n: 2 });

  await second.kill();
  const third = await cluster.primary();
  assert.notEqual(third.port, second.port);
  await things.insertOne({ n: 3 });
  await second.start();
  await cluster.untilComplete();

  const [lagging] = await cluster.secondaries();
  await lagging!.lag();
  await things.insertOne({ n: 4 });
  const [behind, current] = await Promise.all([seenBy(lagging!), seenBy(await cluster.primary())]);
  assert.ok(behind < 4, 'the lagging member shows what was written after it began to lag');
  assert.equal(current, 4);
  await lagging!.catchUp();
  const deadline = Date.now() + 10_000;
  while ((await seenBy(lagging!)) < 4) assert.ok(Date.now() < deadline, 'it does not catch up');
});
