import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { KafkaSettingsSchema, readSettings } from '@storepulse/contracts';
import { startServers } from '@storepulse/local';
import { systemClock } from '@storepulse/simulator/run/clock';
import { startRun } from '@storepulse/simulator/run/start-run';
import { openKafkaSink } from '@storepulse/simulator/sink/kafka-sink';
import { createPersistentSink } from '@storepulse/simulator/sink/persistent-sink';
import { until } from '../support/until.ts';
import { readTopics } from './read-topics.ts';

test('Kafka killed in the middle of traffic and started again: every event is stored, once, on its schedule', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'storepulse-outage-'));
  const servers = await startServers({ dataDir: folder, mongo: false, shortLived: true });
  t.after(async () => {
    await servers.stop();
    rmSync(folder, { recursive: true });
  });
  const settings = readSettings(KafkaSettingsSchema, { KAFKA_BROKERS: servers.kafkaBrokers });
  const kafka = await openKafkaSink({ settings, clientId: 'outage' });
  let failures = 0;
  const sink = createPersistentSink({
    sink: kafka,
    clock: systemClock,
    onFailure: () => {
      failures += 1;
    },
    stopped: () => false,
  });
  const made = new Map<string, number>();
  const { runner } = await startRun(
    {
      seed: 'outage',
      shops: [{ shop: 'first', market: 'gb' }],
      origin: Date.now(),
      profile: { profile: 'constant-arrival-rate', rate: 2_000 },
      timeline: [],
    },
    {
      sink,
      clock: systemClock,
      onEmission: ({ event }) => made.set(event.eventId, event.eventTime),
    },
  );
  const run = runner.run();
  await until(
    'some traffic is stored',
    () => runner.status().sent,
    (sent) => sent > 2_000,
  );
  await servers.kafka.kill();
  await until(
    'its absence is noticed',
    () => failures,
    (count) => count > 0,
  );
  await servers.kafka.start();
  await until(
    'nothing waits any more',
    () => runner.status().queued,
    (queued) => queued < 500,
  );
  runner.command({ command: 'stop' });
  await run;
  await kafka.close();

  const stored = await readTopics(servers.kafkaBrokers, settings.topicPrefix);
  const times = new Map(
    stored.map(({ value }): [string, number] => {
      const { eventId, eventTime } = JSON.parse(value);
      return [eventId, eventTime];
    }),
  );
  assert.equal(stored.length, made.size);
  assert.deepEqual(times, made);
});
