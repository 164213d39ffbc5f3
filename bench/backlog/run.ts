import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type RunningPart, startPart, startServers } from '@storepulse/local';
import type { Status } from '@storepulse/simulator/http/schemas';
import { consumedRecords, untilDrained } from '../../tests/support/pipeline/drained.ts';
import { createPipeline } from '../../tests/support/pipeline/pipeline.ts';
import { rounded, showReport } from '../simulator/report.ts';
import { askSimulator, usageOf } from '../simulator/stand.ts';

const HELP = `Usage: npx node bench/backlog/run.ts [options]

What it costs to catch up with history: the demo shop's own events and the product's own catalogue, on real servers, all on
this machine. A simulator makes the history first; then one processor reads it from the beginning, until every window is
merged. CPU time is each process's own, from its start.

  --days N       days of history (default 2)
  --rate N       events a second of it on average (default 2)
  --partitions N of the topics (default the product's)
  --processors N how many share it (default 1)
  --profile DIR  writes a CPU profile of each processor there; it costs some of the time
  --out FILE     writes the figures there as JSON
  --help
`;

const { values: options } = parseArgs({
  options: {
    days: { type: 'string', default: '2' },
    rate: { type: 'string', default: '2' },
    partitions: { type: 'string' },
    processors: { type: 'string', default: '1' },
    profile: { type: 'string' },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Longest that the history may take to be made, and to be merged. */
const PATIENCE_MS = 1_800_000;

const folder = await mkdtemp(join(tmpdir(), 'storepulse-bench-'));
const servers = await startServers({ dataDir: folder });
const pipeline = createPipeline({
  name: 'backlog',
  folder,
  kafkaBrokers: servers.kafkaBrokers,
  mongoUri: servers.mongoUri,
  settings: {
    LOG_LEVEL: 'warn',
    ...(options.partitions ? { TOPIC_PARTITIONS: options.partitions } : {}),
  },
});
try {
  const events = await makeHistory(Number(options.days), Number(options.rate));
  const pids = { kafka: servers.kafka.pid!, mongod: servers.mongo.pid! };
  const before = { kafka: await usageOf(pids.kafka), mongod: await usageOf(pids.mongod) };
  const began = Date.now();
  const profiled = { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${resolve(options.profile ?? '.')}` };
  const processors = await Promise.all(
    Array.from({ length: Number(options.processors) }, () =>
      pipeline.start('processor', options.profile ? profiled : {}),
    ),
  );
  const allCounted = countedWithin(events);
  await untilDrained(pipeline, PATIENCE_MS);
  const seconds = (Date.now() - began) / 1_000;
  const used = await Promise.all(processors.map(({ service }) => usageOf(service.pid!)));
  const kafka = await usageOf(pids.kafka);
  const mongod = await usageOf(pids.mongod);
  const cpu = used.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  const written = await totalOf(processors, 'partials_written_total');
  const merged = await totalOf(processors, 'windows_merged_total');
  const [windows, partials] = await Promise.all([
    pipeline.metrics.countDocuments(),
    pipeline.db.collection('partials').countDocuments(),
  ]);
  const commits = (await pipeline.checkpoints.find().toArray()).reduce((sum, { seq }) => sum + seq, 0);
  showReport(
    'backlog',
    [
      {
        days: Number(options.days),
        events,
        'counted after s': rounded((await allCounted) / 1_000, 1),
        'merged after s': rounded(seconds, 1),
        'processor CPU s': rounded(cpu, 1),
        'mongod CPU s': rounded(mongod.cpuSeconds - before.mongod.cpuSeconds, 1),
        'Kafka CPU s': rounded(kafka.cpuSeconds - before.kafka.cpuSeconds, 1),
        'events per CPU s': rounded(events / cpu),
        commits,
        partials,
        'written, each': rounded(written / partials, 2),
        windows,
        'merged, each': rounded(merged / windows, 2),
        'processor MB': rounded(Math.max(...used.map(({ residentMb }) => residentMb))),
      },
    ],
    options.out,
  );
} finally {
  await pipeline.stop();
  await servers.stop();
  await rm(folder, { recursive: true, force: true });
}

/** What a counter of the processors' own metrics has come to, all of them together. */
async function totalOf(processors: readonly RunningPart[], counter: string): Promise<number> {
  const sample = new RegExp(`^storepulse_processor_${counter} (\\S+)$`, 'm');
  const values = processors.map(async ({ url }) => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return Number(sample.exec(text)?.[1]);
  });
  return (await Promise.all(values)).reduce((sum, value) => sum + value, 0);
}

/** The milliseconds until all of the history's records are counted. */
async function countedWithin(events: number): Promise<number> {
  const began = Date.now();
  while ((await consumedRecords(pipeline)) < events && Date.now() - began < PATIENCE_MS) await sleep(250);
  return Date.now() - began;
}

/** Has a simulator write the demo shop's history, which ends an hour ago. @returns how many events it holds */
async function makeHistory(days: number, rate: number): Promise<number> {
  const simulator = await startPart(
    'simulator',
    { ...pipeline.settings, SIMULATOR_RATE: '0', SIMULATOR_BACKFILL: '0' },
    join(folder, 'simulator'),
  );
  const ask = askSimulator(simulator.url);
  const end = Date.now() - HOUR_MS;
  const origin = Math.floor(end - days * DAY_MS);
  const again = {
    seed: 'backlog',
    shops: [{ shop: 'demo', market: 'gb' }],
    origin,
    profile: { profile: 'diurnal', rate },
    timeline: [{ at: end, command: { command: 'stop' } }],
  };
  await ask('POST', '/v1/run', { again });
  const until = Date.now() + PATIENCE_MS;
  let status = await ask<Status>('GET', '/v1/status');
  while ((status.state !== 'stopped' || status.queued > 0) && Date.now() < until) {
    await sleep(250);
    status = await ask<Status>('GET', '/v1/status');
  }
  await simulator.stop();
  return status.sent;
}
