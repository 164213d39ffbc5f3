import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  eventRegistry,
  KafkaSettingsSchema,
  readSettings,
  type StoreEvent,
  topicName,
} from '@storepulse/contracts';
import { anEvent, anOrder, SHOP } from '@storepulse/contracts/testing/events';
import { startPart, startServers } from '@storepulse/local';
import { openKafkaSink } from '@storepulse/simulator/sink/kafka-sink';
import { Kafka, logLevel } from 'kafkajs';
import { Compile } from 'typebox/compile';
import { cpuSecondsOf } from '../query/exporter-process.ts';

const HELP = `Usage: npx node bench/collector/run.ts [options]

Events per CPU second of a collector that real requests are sent to, on a real Kafka, beside JSON.parse and validation of
the same bodies alone. What was accepted is compared with what Kafka holds in the end.

  --events N   how many are sent, after as many to warm up (default 200000)
  --batch N    events of one request (default 100)
  --clients N  requests at the same time (default 8)
  --help
`;
const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '200000' },
    batch: { type: 'string', default: '100' },
    clients: { type: 'string', default: '8' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const [EVENTS, BATCH, CLIENTS] = [values.events, values.batch, values.clients].map(Number) as [
  number,
  number,
  number,
];

/** Nine views to an order, each with an id and a visitor of its own. */
function makeEvent(n: number): StoreEvent {
  const fields = { eventId: randomUUID(), eventTime: Date.now(), visitorId: `visitor-${n % 50_000}` };
  return n % 10 === 0 ? anOrder({ ...fields, orderId: randomUUID() }) : anEvent('product_viewed', fields);
}

const bodiesOf = (count: number) =>
  Array.from({ length: Math.ceil(count / BATCH) }, (_, b) =>
    JSON.stringify(Array.from({ length: BATCH }, (_, i) => makeEvent(b * BATCH + i))),
  );

/** CPU seconds of parsing and validating bodies, and nothing else. */
function parseAndValidate(bodies: readonly string[]): number {
  const validators = new Map([...eventRegistry].map(([type, { schema }]) => [type, Compile(schema)]));
  const before = process.cpuUsage();
  for (const body of bodies) {
    for (const event of JSON.parse(body) as StoreEvent[])
      if (!validators.get(event.type)!.Check(event)) throw new Error('a made event does not fit its schema');
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Sends bodies, so many at the same time; returns how many events were accepted. */
async function sendAll(url: string, bodies: readonly string[]): Promise<number> {
  let accepted = 0;
  const left = bodies.values();
  const client = async () => {
    for (const body of left) {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers, body });
      accepted += ((await answer.json()) as { accepted: number }).accepted;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return accepted;
}

async function recordsOn(brokers: string, topics: readonly string[]): Promise<number> {
  const admin = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const offsets = await Promise.all(topics.map((topic) => admin.fetchTopicOffsets(topic)));
  await admin.disconnect();
  return offsets.flat().reduce((sum, { high }) => sum + Number(high), 0);
}

const folder = await mkdtemp(join(tmpdir(), 'storepulse-bench-'));
const servers = await startServers({ dataDir: folder, mongo: false });
try {
  const environment = { KAFKA_BROKERS: servers.kafkaBrokers, LOG_LEVEL: 'warn' };
  const settings = readSettings(KafkaSettingsSchema, environment);
  // Makes the topics.
  await (await openKafkaSink({ settings, clientId: 'bench' })).close();
  const collector = await startPart(
    'collector',
    { ...environment, COLLECTOR_EVENTS_PER_SECOND: '10000000' },
    folder,
  );
  await sendAll(collector.url, [JSON.stringify(SHOP)]);
  const warmUp = await sendAll(collector.url, bodiesOf(EVENTS));
  const bodies = bodiesOf(EVENTS);
  const before = await cpuSecondsOf(collector.service.pid!);
  const began = performance.now();
  const accepted = await sendAll(collector.url, bodies);
  const seconds = (performance.now() - began) / 1_000;
  const cpuSeconds = (await cpuSecondsOf(collector.service.pid!)) - before;
  const topics = (['transactions', 'product-views'] as const).map((topic) => topicName(topic, settings));
  const stored = await recordsOn(servers.kafkaBrokers, topics);
  parseAndValidate(bodies.slice(0, bodies.length / 2));
  const alone = parseAndValidate(bodies);
  await collector.stop();
  console.log(
    [
      `batches of ${BATCH}, ${CLIENTS} at the same time, ${Math.round(bodies[0]!.length / BATCH)} bytes an event`,
      `accepted ${accepted + warmUp}, in Kafka ${stored}`,
      `collector: ${Math.round(accepted / cpuSeconds)} events per CPU second (${Math.round(accepted / seconds)} events a second on this machine)`,
      `JSON.parse and validation alone: ${Math.round(accepted / alone)} events per CPU second`,
      `the collector costs ${(cpuSeconds / alone).toFixed(1)} times as much`,
    ].join('\n'),
  );
} finally {
  await servers.stop();
  await rm(folder, { recursive: true, force: true });
}
