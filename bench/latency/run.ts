import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type KafkaSettings, KafkaSettingsSchema, readSettings } from '@storepulse/contracts';
import { type RunningServers, startServers } from '@storepulse/local';
import { startMeasured } from '../processor/measured-processes.ts';
import { viewProgress } from '../processor/progress.ts';
import type { WholeProcessorOptions } from '../processor/whole-processor.ts';
import { preload } from '../workload/preload.ts';
import { createLatencies } from './latencies.ts';
import { observeMongo, observeTopic } from './observe.ts';
import type { ProduceOptions } from './produce.ts';

const HELP = `Usage: npx node bench/latency/run.ts [options]

Measures on real servers, producer, Kafka, MongoDB and processor on this machine: the time from an event's being due
to its cell being readable in MongoDB and on the topic metrics. The producer is open-loop: a slow answer delays
nothing. First finds the throughput with the producer running, then sends half of it.

  --rate N         sends so many events per second instead
  --seconds N      how long (default 20, of which the first 5 are left out)
  --intervals L    values of PROCESSOR_COMMIT_INTERVAL_MS to measure with, a list (default: the product's)
  --help
`;

const { values } = parseArgs({
  options: {
    rate: { type: 'string' },
    seconds: { type: 'string', default: '20' },
    intervals: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const PARTITIONS = 4;
const WARM_UP_S = 5;
/** More than is processed in a while, to find the throughput with. */
const FLOOD = { rate: 200_000, count: 1_000_000 };

const folder = await mkdtemp(join(tmpdir(), 'storepulse-bench-'));
const servers = await startServers({ dataDir: folder });
try {
  const rate = values.rate ? Number(values.rate) : Math.round((await findThroughput(servers)) / 2);
  const rows = [];
  for (const interval of values.intervals.split(','))
    rows.push(await measureLatency(servers, rate, interval));
  console.table(rows);
} finally {
  await servers.stop();
  await rm(folder, { recursive: true, force: true });
}

async function prepare(name: string): Promise<KafkaSettings> {
  const kafka = readSettings(KafkaSettingsSchema, {
    KAFKA_BROKERS: servers.kafkaBrokers,
    TOPIC_PREFIX: `${name}.`,
    TOPIC_PARTITIONS: String(PARTITIONS),
  });
  await preload(kafka, 0, { begin: Date.now(), partitions: PARTITIONS });
  return kafka;
}

function startProcessor(kafka: KafkaSettings, database: string, interval: string) {
  return startMeasured(new URL('../processor/whole-processor.ts', import.meta.url), {
    kafka,
    mongoUri: servers.mongoUri,
    database,
    dedupe: true,
    counts: 'lanes',
    environment: interval === '' ? {} : { PROCESSOR_COMMIT_INTERVAL_MS: interval },
  } satisfies WholeProcessorOptions);
}

function startProducer(options: Omit<ProduceOptions, 'partitions'>) {
  const argument: ProduceOptions = { ...options, partitions: PARTITIONS };
  return startMeasured(new URL('produce.ts', import.meta.url), argument);
}

/** Events per second that the processor counts while a producer on this machine sends as many as it can. */
async function findThroughput({ mongoUri }: RunningServers): Promise<number> {
  const database = 'throughput';
  const kafka = await prepare(database);
  const processor = startProcessor(kafka, database, '');
  const progress = await viewProgress({ kafka, mongoUri, database, events: FLOOD.count });
  await progress.untilClaimed();
  const begin = Date.now();
  const producer = startProducer({ kafka, begin, ...FLOOD });
  while (!(await progress.isDone())) {
    if (Date.now() - begin > 90_000) throw new Error('the flood is not counted in time');
    await sleep(100);
  }
  const throughput = (FLOOD.count * 1_000) / (Date.now() - begin);
  await Promise.all([producer.end(), processor.end(), progress.close()]);
  process.stdout.write(`throughput with the producer: ${Math.round(throughput)} events/s\n`);
  return throughput;
}

async function measureLatency({ mongoUri }: RunningServers, rate: number, interval: string) {
  const database = `latency-${interval || 'default'}`;
  const kafka = await prepare(database);
  const seconds = Number(values.seconds);
  const processor = startProcessor(kafka, database, interval);
  const count = Math.round(rate * seconds);
  const progress = await viewProgress({ kafka, mongoUri, database, events: count });
  await progress.untilClaimed();

  const begin = Date.now() + 1_000;
  const options = { begin, rate, warmUp: rate * WARM_UP_S, windowMs: 10_000 };
  const stored = createLatencies(options);
  const published = createLatencies(options);
  const stops = [await observeMongo(mongoUri, database, stored), await observeTopic(kafka, published)];
  const before = await processor.ask();
  const producer = startProducer({ kafka, begin, rate, count });
  const sendingSince = performance.now();
  while (!(await progress.isDone())) {
    if (Date.now() > begin + seconds * 1_000 + 30_000) throw new Error('not all events were counted in time');
    await sleep(250);
  }
  const after = await processor.ask();
  const wall = (performance.now() - sendingSince) / 1_000;
  await sleep(1_000);
  await Promise.all([producer.end(), processor.end(), progress.close(), ...stops.map((stop) => stop())]);
  return {
    'commit interval': interval || 'default',
    'events/s': rate,
    'MongoDB p50 ms': stored.quantile(0.5),
    'MongoDB p99 ms': stored.quantile(0.99),
    'topic p50 ms': published.quantile(0.5),
    'topic p99 ms': published.quantile(0.99),
    'processor, cores': Number(((after.cpuSeconds - before.cpuSeconds) / wall).toFixed(2)),
  };
}
