import { setTimeout as sleep } from 'node:timers/promises';
import type { MongoCluster, MongoMember, RunningPart } from '@storepulse/local';
import { createRandom } from '@storepulse/simulator/random/random';
import { MongoClient } from 'mongodb';
import type { Clock } from '../../support/clock.ts';
import { until } from '../../support/until.ts';
import type { Row } from '../row.ts';
import { createAttempts } from '../support/attempts.ts';
import { watchCounters } from '../support/counters.ts';
import { judge } from '../support/judge.ts';
import { type Lane, openLane } from '../support/lane.ts';
import { untilLevel } from '../support/level.ts';
import { ALL_FAULTS } from '../support/traffic.ts';

/** How long the primary writes what no other member gets, and a secondary lags. */
const APART_MS = 2_000;
/** What an operator may have put into the URI. */
const READ_PREFERENCES = ['secondary', 'nearest', 'secondaryPreferred', 'primaryPreferred', 'primary'];

/** The primary dies. */
async function failOver({ mongo }: { mongo: MongoCluster }, lane: Lane, clock: Clock): Promise<number> {
  const primary = await mongo.primary();
  await primary.kill();
  return untilLevel(lane, clock);
}

/** The primary gives its place to another member. */
async function stepDown({ mongo }: { mongo: MongoCluster }, lane: Lane, clock: Clock): Promise<number> {
  await mongo.stepDown();
  return untilLevel(lane, clock);
}

/** The primary takes writes that no other member gets, and dies; the others elect one that has never seen them. */
async function rollBack({ mongo }: { mongo: MongoCluster }, lane: Lane, clock: Clock): Promise<number> {
  const primary = await mongo.primary();
  const secondaries = await mongo.secondaries();
  const before = await rollbacksOf(primary);
  await Promise.all(secondaries.map((member) => setFailPoint(member, 'stopReplProducer', 'alwaysOn')));
  await sleep(APART_MS);
  await primary.kill();
  await Promise.all(secondaries.map((member) => setFailPoint(member, 'stopReplProducer', 'off')));
  const elapsed = await untilLevel(lane, clock);
  await primary.start();
  await until(
    'the former primary has rolled its writes back',
    () => rollbacksOf(primary),
    (rollbacks) => rollbacks > before,
    60_000,
  );
  return elapsed;
}

/** The number that a member raises with every rollback. */
async function rollbacksOf(member: MongoMember): Promise<number> {
  return onMember(member, async (client) => {
    const { rbid } = await client.db('admin').command({ replSetGetRBID: 1 });
    return Number(rbid);
  });
}

async function setFailPoint(member: MongoMember, configureFailPoint: string, mode: 'alwaysOn' | 'off') {
  await onMember(member, (client) => client.db('admin').command({ configureFailPoint, mode }));
}

async function onMember<T>({ uri }: MongoMember, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(uri);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

/** Brings back what a fault took away, whatever came of it. */
async function restore({ members, untilComplete }: MongoCluster): Promise<void> {
  await Promise.all(members.map((member) => member.start()));
  for (const member of members) {
    await member.catchUp();
    await setFailPoint(member, 'stopReplProducer', 'off');
  }
  await untilComplete();
}

/** MongoDB changes its primary, takes writes back, or answers from a member that lags. */
export const clusterStore: Row = {
  id: 'R18',
  what: 'a replica set of three: fail-over, step-down, rollback, a lagging secondary, any `readPreference` in the URI',
  figure:
    'lost 0, double 0, no counter on `/metrics` goes down; everything is counted within 30 s of the fault',
  repeats: 80,
  // Minutes of elections: left to the whole matrix.
  small: 0,
  run: async ({ cluster: startCluster, clock, name, repeats, onRepeat }) => {
    const cluster = await startCluster();
    const attempts = createAttempts({ onRepeat });
    const random = createRandom(name);
    const lane = await openLane({ servers: cluster, name, faults: ALL_FAULTS, partitions: 2 });
    let starts = 0;
    const start = (): Promise<RunningPart> => {
      const preference = READ_PREFERENCES[starts++ % READ_PREFERENCES.length]!;
      return lane.startProcessor(undefined, {
        MONGODB_URI: `${cluster.mongo.uri}&readPreference=${preference}`,
      });
    };
    let processor = await start();
    const exporter = await lane.pipeline.start('exporter', {
      MONGODB_URI: `${cluster.mongo.uri}&readPreference=nearest`,
    });
    const counters = watchCounters(exporter.url);
    lane.pipeline.onStop(async () => void (await counters.stop()));

    /** A processor dies while a secondary lags; the next one must not believe what that one says. */
    const takeOverBesideLaggard = async (): Promise<number> => {
      const laggard = random.pick(await cluster.mongo.secondaries());
      await laggard.lag();
      await sleep(APART_MS);
      await processor.service.kill();
      processor = await start();
      return untilLevel(lane, clock);
    };
    const faults = [
      { name: 'fail-over', happen: () => failOver(cluster, lane, clock) },
      { name: 'step-down', happen: () => stepDown(cluster, lane, clock) },
      { name: 'rollback', happen: () => rollBack(cluster, lane, clock) },
      { name: 'take-over beside a lagging secondary', happen: takeOverBesideLaggard },
    ];
    for (let n = 0; n < repeats; n++) {
      const { pid } = processor.service;
      const { name: what, happen } = faults[n % faults.length]!;
      const stop = lane.feedOn();
      await sleep(random.integer(500, 1_500));
      await attempts.repeat(what, happen);
      await stop();
      if (happen !== takeOverBesideLaggard && processor.service.pid !== pid)
        attempts.fail(`${what}: the processor ended`);
      await restore(cluster.mongo);
    }
    attempts.differences(await judge(lane));
    const { falls, readings } = await counters.stop();
    for (const fall of falls) attempts.fail(fall);
    attempts.figure('readings of /metrics', readings);
    return attempts.outcome();
  },
};
