import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { KafkaSettingsSchema, readSettings } from '@storepulse/contracts';
import { systemClock } from '@storepulse/simulator/run/clock';
import type { RunSpec } from '@storepulse/simulator/run/run-spec';
import { startRun } from '@storepulse/simulator/run/start-run';
import { openKafkaSink } from '@storepulse/simulator/sink/kafka-sink';
import { type Servers, useServers } from '../support/servers.ts';
import { digestOf, readTopics } from './read-topics.ts';

let servers: Servers;
before(async () => {
  servers = await useServers({ mongo: false });
});
after(async () => {
  await servers[Symbol.asyncDispose]();
});

/** Runs into topics of its own; `steer` acts on the run while it goes on. Resolves once it has ended. */
async function run(
  spec: RunSpec,
  topics: { prefix: string; partitions: number },
  steer: (runner: Awaited<ReturnType<typeof startRun>>['runner']) => Promise<void> = async () => {},
): Promise<RunSpec> {
  const settings = readSettings(KafkaSettingsSchema, {
    KAFKA_BROKERS: servers.kafkaBrokers,
    TOPIC_PREFIX: topics.prefix,
    TOPIC_PARTITIONS: String(topics.partitions),
  });
  const sink = await openKafkaSink({ settings, clientId: 'determinism' });
  try {
    const { runner } = await startRun(spec, { sink, clock: systemClock, onEmission: () => {} });
    await Promise.all([runner.run(), steer(runner)]);
    return { ...spec, timeline: [...runner.timeline] };
  } finally {
    await sink.close();
  }
}

test('a live run, steered by hand, is the same in Kafka when it is run again as history into twelve partitions', async () => {
  const spec: RunSpec = {
    seed: 'determinism',
    shops: [
      { shop: 'first', market: 'gb' },
      { shop: 'second', market: 'jp' },
    ],
    origin: Date.now() - 60_000,
    profile: { profile: 'poisson', rate: 40 },
    timeline: [],
  };
  const [once, twice] = [`${servers.unique('live')}.`, `${servers.unique('again')}.`];
  const recorded = await run(spec, { prefix: once, partitions: 1 }, async (runner) => {
    const pause = () => systemClock.sleepUntil(Date.now() + 300);
    await pause();
    runner.command({ command: 'rate', rate: 900 });
    await pause();
    runner.command({ command: 'faults', faults: { late: 0.1, duplicate: 0.1, malformed: 0.1, drop: 0.05 } });
    runner.command({ command: 'scenario-start', scenario: 'price-error' });
    await pause();
    runner.command({ command: 'pause' });
    await pause();
    runner.command({ command: 'resume' });
    await pause();
    runner.command({ command: 'stop' });
  });
  assert.equal(recorded.timeline.length, 6);
  await run(recorded, { prefix: twice, partitions: 12 });

  const live = await readTopics(servers.kafkaBrokers, once);
  const again = await readTopics(servers.kafkaBrokers, twice);
  assert.ok(live.length > 4_802 + 1_500, `${live.length} records`);
  assert.equal(again.length, live.length);
  assert.equal(digestOf(again), digestOf(live));
});
