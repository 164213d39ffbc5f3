import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  eventRegistry,
  KafkaSettingsSchema,
  readSettings,
  type StoreEvent,
  toRecord,
} from '@storepulse/contracts';
import { anEvent, anOrder, SHOP } from '@storepulse/contracts/testing/events';
import type { LakeFile, LakeTask } from '@storepulse/lake/manifest';
import { startPart, startServers } from '@storepulse/local';
import { openKafkaSink } from '@storepulse/simulator/sink/kafka-sink';
import { MongoClient } from 'mongodb';
import { Compile } from 'typebox/compile';
import { cpuSecondsOf } from '../query/exporter-process.ts';

const HELP = `Usage: npx node bench/archiver/run.ts [options]

Events per CPU second of an archiver that drains a backlog into a folder, on a real Kafka and MongoDB, beside JSON.parse and
validation of the same events alone; its peak memory; and how old the seam gets under live traffic.

  --events N   how many lie on the topics (default 1000000)
  --shops N    of so many shops (default 3)
  --days N     over so many days (default 2)
  --live S     seconds of live traffic after that, with the default of 30 s between flushes (default 90; 0: none)
  --rate N     events per second of it (default 500)
  --help
`;
const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    shops: { type: 'string', default: '3' },
    days: { type: 'string', default: '2' },
    live: { type: 'string', default: '90' },
    rate: { type: 'string', default: '500' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const [EVENTS, SHOPS, DAYS, LIVE_S, RATE] = [
  values.events,
  values.shops,
  values.days,
  values.live,
  values.rate,
].map(Number) as [number, number, number, number, number];
const BATCH = 2_000;
const DAY_MS = 86_400_000;
const began = Date.now() - DAY_MS;

/** Nine views and cart adds to an order, each with an id and a visitor of its own. */
function makeEvent(n: number, eventTime: number): StoreEvent {
  const fields = {
    ...{ eventId: randomUUID(), eventTime, shop: `shop-${n % SHOPS}`, visitorId: `visitor-${n % 50_000}` },
    ...{ sessionId: `session-${n % 80_000}`, customerId: n % 4 === 0 ? `customer-${n % 20_000}` : null },
  };
  if (n % 10 === 0) return anOrder({ ...fields, orderId: randomUUID() });
  return anEvent(n % 3 === 0 ? 'cart_item_added' : 'product_viewed', fields);
}

/** CPU seconds of parsing and validating, and nothing else. */
function parseAndValidate(values: readonly string[]): number {
  const validators = new Map([...eventRegistry].map(([type, { schema }]) => [type, Compile(schema)]));
  const before = process.cpuUsage();
  for (const value of values) {
    const event = JSON.parse(value) as StoreEvent;
    if (!validators.get(event.type)!.Check(event)) throw new Error('a made event does not fit its schema');
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** The most memory that a process has had, MB. */
async function peakMb(pid: number): Promise<number> {
  const [, kb] = /VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))!;
  return Number(kb) / 1_024;
}

const folder = await mkdtemp(join(tmpdir(), 'storepulse-bench-'));
const servers = await startServers({ dataDir: folder });
const mongo = new MongoClient(servers.mongoUri);
try {
  const environment = {
    ...{ KAFKA_BROKERS: servers.kafkaBrokers, MONGODB_URI: servers.mongoUri, MONGODB_DATABASE: 'bench' },
    ...{ LOG_LEVEL: 'warn', LAKE_LOCATION: join(folder, 'lake'), ARCHIVER_SCRATCH: join(folder, 'scratch') },
  };
  const settings = readSettings(KafkaSettingsSchema, environment);
  const sink = await openKafkaSink({ settings, clientId: 'bench' });
  const send = (events: readonly StoreEvent[]) => sink.send(events.map((event) => toRecord(event, '/bench')));
  await send(
    Array.from({ length: SHOPS }, (_, n) => ({ ...SHOP, shop: `shop-${n}`, eventId: `of-shop-${n}` })),
  );
  const sample: string[] = [];
  for (let from = 0; from < EVENTS; from += BATCH) {
    const events = Array.from({ length: Math.min(BATCH, EVENTS - from) }, (_, n) =>
      makeEvent(from + n, began - ((from + n) % DAYS) * DAY_MS),
    );
    if (sample.length < 100_000) sample.push(...events.map((event) => JSON.stringify(event)));
    await send(events);
  }
  await sink.settle?.();

  const archiver = await startPart('archiver', environment, folder);
  const pid = archiver.service.pid!;
  const db = mongo.db('bench');
  const archived = async () => {
    const tasks = await db.collection<LakeTask>('lake-tasks').find().toArray();
    return tasks.reduce((sum, { fates }) => sum + (fates.archived ?? 0), 0);
  };
  const start = performance.now();
  while ((await archived()) < EVENTS + SHOPS) await sleep(250);
  const seconds = (performance.now() - start) / 1_000;
  const cpuSeconds = await cpuSecondsOf(pid);
  const peak = await peakMb(pid);
  const files = await db.collection<LakeFile>('lake-files').find().toArray();
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  parseAndValidate(sample);
  const alone = parseAndValidate(sample) / sample.length;
  const each = sample.reduce((sum, { length }) => sum + length, 0) / sample.length;
  const lines = [
    `${EVENTS} events of ${each.toFixed(0)} bytes, ${SHOPS} shops, ${DAYS} days, in ${seconds.toFixed(1)} s`,
    `archiver, its start included: ${cpuSeconds.toFixed(1)} CPU s, ${(EVENTS / cpuSeconds / 1_000).toFixed(1)} k events per CPU s`,
    `JSON.parse and validation alone: ${(1 / alone / 1_000).toFixed(1)} k events per CPU s`,
    `peak memory ${peak.toFixed(0)} MB; ${files.length} files, ${(bytes / EVENTS).toFixed(0)} bytes per event`,
  ];
  console.log(lines.join('\n'));

  let oldest = 0;
  const until = Date.now() + LIVE_S * 1_000;
  for (let n = 0; Date.now() < until; n++) {
    await send(Array.from({ length: RATE / 10 }, (_, i) => makeEvent(n * 100 + i, Date.now())));
    if (n % 10 === 0) {
      const text = await (await fetch(`${archiver.url}/metrics`)).text();
      const age = Number(/^storepulse_archiver_seam_age_seconds (\S+)$/m.exec(text)?.[1]);
      oldest = Math.max(oldest, age);
    }
    await sleep(100);
  }
  if (LIVE_S > 0)
    console.log(
      `live, ${RATE} events per second for ${LIVE_S} s: the oldest seam was ${oldest.toFixed(1)} s`,
    );
  await archiver.stop();
  await sink.close();
} finally {
  await mongo.close();
  await servers.stop();
  await rm(folder, { recursive: true, force: true });
}
