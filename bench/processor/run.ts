import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type KafkaSettings, KafkaSettingsSchema, readSettings } from '@storepulse/contracts';
import { type RunningServers, startServers } from '@storepulse/local';
import { preload } from '../workload/preload.ts';
import { type Measured, measure } from './measure.ts';
import { viewProgress } from './progress.ts';
import type { WholeProcessorOptions } from './whole-processor.ts';

const HELP = `Usage: node bench/processor/run.ts [options]

Measures on real servers, in one run, events per CPU second of
  parsing      kafkajs consuming and JSON.parse, nothing else
  processor    the whole product: exactly-once, windows of five resolutions, merge stage; without and with event-id dedupe

  --events N      events on the topic (default 2000000, of some 300 bytes, in 4 partitions)
  --processes L   how many processes share the work, a list (default 1,2)
  --profile DIR   writes a CPU profile of each measured process there
  --help
`;

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '2000000' },
    processes: { type: 'string', default: '1,2' },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const events = Number(values.events);
const partitions = 4;
const program = (name: string) => new URL(name, import.meta.url);
const execArgv = values.profile ? ['--cpu-prof', `--cpu-prof-dir=${values.profile}`] : [];

const folder = await mkdtemp(join(tmpdir(), 'storepulse-bench-'));
const servers = await startServers({ dataDir: folder });
try {
  const kafka = readSettings(KafkaSettingsSchema, {
    KAFKA_BROKERS: servers.kafkaBrokers,
    TOPIC_PREFIX: 'bench.',
    TOPIC_PARTITIONS: String(partitions),
  });
  const bytes = await preload(kafka, events, { begin: Date.UTC(2026, 0, 1), partitions });
  process.stdout.write(`${events} events of ${Math.round(bytes)} bytes in ${partitions} partitions\n`);
  const rows = [];
  for (const processes of values.processes.split(',').map(Number)) {
    const parsing = await measureParsing(kafka, processes);
    rows.push(row('kafkajs and JSON.parse', parsing, parsing));
    for (const dedupe of [false, true]) {
      const counting = await measureProcessor(kafka, servers, processes, dedupe);
      rows.push(row(`whole processor, dedupe ${dedupe ? 'on' : 'off'}`, counting, parsing));
    }
  }
  console.table(rows);
} finally {
  await servers.stop();
  await rm(folder, { recursive: true, force: true });
}

function measureParsing(kafka: KafkaSettings, processes: number): Promise<Measured> {
  return measure({
    program: program('parse-only.ts'),
    argument: kafka,
    processes,
    events,
    execArgv,
    isDone: async (said) => said.reduce((sum, one) => sum + one.events, 0) >= events,
  });
}

async function measureProcessor(
  kafka: KafkaSettings,
  { mongoUri }: RunningServers,
  processes: number,
  dedupe: boolean,
): Promise<Measured> {
  const database = `bench-${processes}-${dedupe}`;
  const argument: WholeProcessorOptions = { kafka, mongoUri, database, dedupe };
  const progress = await viewProgress({ kafka, mongoUri, database, events });
  try {
    return await measure({
      program: program('whole-processor.ts'),
      argument,
      processes,
      events,
      execArgv,
      isDone: () => progress.isDone(),
    });
  } finally {
    await progress.close();
  }
}

function row(what: string, measured: Measured, baseline: Measured) {
  const perCpuSecond = (one: Measured) => one.events / one.cpuSeconds;
  return {
    what,
    processes: measured.processes,
    'events/CPU-s': Math.round(perCpuSecond(measured)),
    'to parsing': Number((perCpuSecond(measured) / perCpuSecond(baseline)).toFixed(2)),
    'CPU s': Number(measured.cpuSeconds.toFixed(1)),
    'wall s': Number(measured.wallSeconds.toFixed(1)),
    'RSS MB': Math.round(measured.maxRssMb),
  };
}
