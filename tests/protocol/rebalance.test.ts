import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, eventRegistry, parseWindowId, type TopicName } from '@storepulse/contracts';
import { claimTask } from '@storepulse/processor/aggregate/claim';
import { beat } from '@storepulse/processor/aggregate/heartbeats';
import { createAggregateStage } from '@storepulse/processor/aggregate/stage';
import type { KnownBounds } from '@storepulse/processor/kafka/port';
import { createMerger } from '@storepulse/processor/merge/merger';
import type { Database } from '@storepulse/processor/store/database';
import { feedingTasks, type TaskGroup, taskGroups } from '@storepulse/processor/task-groups';
import { anOrder, NOON } from '@storepulse/processor/testing/events';
import { idleMember, memoryKafka } from '@storepulse/processor/testing/memory-kafka';
import { until } from '../support/until.ts';
import { useDatabases } from './databases.ts';
import { batchOf, openFacts, taskDependencies, WANTED } from './facts-task.ts';

const aDatabase = useDatabases();

/** A merger of a process that owns windows of the only partition. */
function mergerOf(database: Database) {
  const tasksOf = feedingTasks(catalog, eventRegistry, taskGroups, 1);
  return createMerger({ ...taskDependencies(database), tasksOf });
}

test('a window that its next owner has made final stays final, whatever its last owner was about to write', async () => {
  const database = await aDatabase();
  const task = await openFacts(database, assert.fail);
  await task.process(batchOf([anOrder()]), WANTED);
  await task.drain();
  await task.close();
  const windows = (await database.partials.find().toArray()).map(({ window }) => window);
  const window = windows.find((id) => parseWindowId(id).resolution === '10s')!;
  const stored = () => database.metrics.findOne({ _id: window });
  await mergerOf(database)([window]);
  assert.equal((await stored())?.final, false);

  // Another change, so that the last owner has something to write too.
  const again = await openFacts(database, assert.fail);
  await again.process(batchOf([anOrder({ orderId: 'o2' })], 1), WANTED);
  await again.drain();
  await again.close();
  let overtaken = 0;
  const bulkWrite: Database['metrics']['bulkWrite'] = async (...args) => {
    if (overtaken++ === 0) {
      const watermarks = { demo: NOON + 3_600_000 };
      await database.checkpoints.updateOne({ _id: 'facts/0' }, { $set: { watermarks } });
      await mergerOf(database)([window]);
      assert.equal((await stored())?.final, true);
    }
    return database.metrics.bulkWrite(...args);
  };
  const metrics = Object.assign(Object.create(database.metrics), { bulkWrite });
  const published = await mergerOf({ ...database, metrics })([window]);

  assert.equal(overtaken, 1);
  assert.equal((await stored())?.final, true);
  assert.equal(JSON.parse(String(published[0]!.value)).final, true);
});

test('a task that can not be claimed keeps no other from being claimed again, nor from telling of itself', async () => {
  const database = await aDatabase();
  const groups: readonly TaskGroup[] = [
    { name: 'customers', topics: ['customers'] },
    { name: 'system-logs', topics: ['system-logs'] },
  ];
  const knownBounds = async (topics: readonly TopicName[]): Promise<KnownBounds> => ({
    bounds: new Map(
      topics.map((topic) => [topic, topic === 'system-logs' ? [] : [{ partition: 0, low: 0, high: 0 }]]),
    ),
    unavailable: [{ topic: 'system-logs', partition: 0, reason: 'it has no leader' }],
  });
  const stage = createAggregateStage(
    {
      kafka: { ...memoryKafka([]).kafka, consumer: idleMember, knownBounds },
      groups,
      group: 'test',
      onCrash: assert.fail,
    },
    taskDependencies(database, { now: Date.now }),
  );
  const checkpoint = () => database.checkpoints.findOne({ _id: 'customers/0' });
  await stage.start();
  await until('it is claimed', checkpoint, (found) => found?.epoch === 1);
  const claimedAt = (await checkpoint())!.updatedAt.getTime();
  await until('it tells of itself', checkpoint, (found) => found!.updatedAt.getTime() > claimedAt);

  const other = await claimTask(database, 'customers/0', 'other');
  await other.session.endSession();
  await until('it is claimed again', checkpoint, (found) => found?.epoch === other.epoch + 1);
  // Its epoch is raised before it counts again.
  await until(
    'it counts again, while the other one is still being claimed',
    () => [stage.status().wanted, stage.status().tasks].join(),
    (wantedAndClaimed) => wantedAndClaimed === '2,1',
  );
  await stage.stop();
});

test('while nobody tells where its log ends, a task is not caught up, and its event time stands still', async () => {
  const database = await aDatabase();
  let now = NOON;
  const task = await openFacts(database, assert.fail, { now: () => now });
  await task.process(batchOf([anOrder()]), WANTED);
  await until(
    'it is counted',
    () => beat(database, [task]).then(() => database.checkpoints.findOne()),
    (found) => found?.seq === 1,
  );
  const tell = async (ends: ReadonlyMap<TopicName, number>) => {
    task.noteEnds(ends);
    await beat(database, [task]);
    const { caughtUp, watermarks } = (await database.checkpoints.findOne())!;
    return { caughtUp, reached: watermarks.demo! - NOON };
  };
  now += 100_000;
  assert.deepEqual(await tell(new Map([['transactions', 1]])), { caughtUp: true, reached: 40_000 });
  now += 600_000;
  assert.deepEqual(await tell(new Map()), { caughtUp: false, reached: 40_000 });
  // There was more, which nobody could tell.
  assert.deepEqual(await tell(new Map([['transactions', 2]])), { caughtUp: false, reached: 40_000 });
  await task.close();
});
