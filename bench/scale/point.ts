import { setTimeout as sleep } from 'node:timers/promises';
import { ensureTopics, KafkaSettingsSchema, readSettings } from '@storepulse/contracts';
import type { RunningServers } from '@storepulse/local';
import { createKafkaProducer } from '@storepulse/simulator/sink/kafka-producer';
import { createTopicClient } from '@storepulse/simulator/sink/topic-client';
import { MongoClient } from 'mongodb';
import { startMeasured } from '../processor/measured-processes.ts';
import { viewProgress } from '../processor/progress.ts';
import type { WholeProcessorOptions } from '../processor/whole-processor.ts';
import { eventRecord, shopRecord, type Traffic } from './events.ts';

/** One point of a curve. */
export interface PointOptions extends Traffic {
  /** Of its topics and its database. */
  readonly name: string;
  readonly partitions: number;
  readonly processes: number;
  readonly events: number;
  /** Fills the database beforehand. @default it is empty */
  fill?(database: string): Promise<void>;
  /** How long it is waited for a step, ms. */
  readonly limitMs: number;
  /** For a CPU profile of each process. */
  readonly profileFolder?: string | undefined;
}

/** What one point has come to. */
export interface Point {
  /** CPU seconds of all processes until all tasks are owned, with nothing to read. */
  readonly startSeconds: number;
  /** CPU microseconds of all processes for each event, from then until all is merged and published. */
  readonly perEvent: number;
  /** Cores of all processes at rest afterwards. */
  readonly restCores: number;
  /** Greatest resident set of a process. */
  readonly peakMb: number;
  /** Documents of windows that were merged, and of tasks' shares of them, for each event. */
  readonly windowsPerEvent: number;
  readonly partialsPerEvent: number;
  readonly commits: number;
}

const PROGRAM = new URL('../processor/whole-processor.ts', import.meta.url);
const LOOK_MS = 100;
const BATCH = 2_000;
/** The events are of so long a time, which has just passed. */
const SPAN_MS = 60_000;
/** Visits are settled meanwhile, and what follows a start or a load ends. */
const SETTLE_MS = 5_000;
const REST_MS = 5_000;

/** Starts processes over empty topics, then lets them count events, then leaves them alone. */
export async function measurePoint(servers: RunningServers, options: PointOptions): Promise<Point> {
  const { name, partitions, processes, events, limitMs, profileFolder } = options;
  const kafka = readSettings(KafkaSettingsSchema, {
    KAFKA_BROKERS: servers.kafkaBrokers,
    TOPIC_PREFIX: `${name}.`,
    TOPIC_PARTITIONS: String(partitions),
  });
  const topics = createTopicClient(kafka, 'bench-scale');
  try {
    // A broker takes its time over thousands of partitions.
    while ((await ensureTopics(topics, kafka)).length > 0) await sleep(LOOK_MS);
  } finally {
    await topics.close();
  }
  await options.fill?.(name);
  const given = { kafka, mongoUri: servers.mongoUri, database: name };
  const argument: WholeProcessorOptions = { ...given, counts: 'product', dedupe: true, environment: {} };
  const progress = await viewProgress({ ...given, events });
  const producer = createKafkaProducer(kafka, 'bench-scale');
  const profiling = profileFolder ? ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`] : [];
  const children = Array.from({ length: processes }, () => startMeasured(PROGRAM, argument, profiling));
  const measured = async () => {
    const said = await Promise.all(children.map((child) => child.ask()));
    return {
      cpuSeconds: said.reduce((sum, one) => sum + one.cpuSeconds, 0),
      peakMb: Math.max(...said.map(({ maxRssMb }) => maxRssMb)),
    };
  };
  try {
    await within(progress.untilClaimed(), limitMs);
    const claimed = await measured();
    await sleep(SETTLE_MS);
    const begun = await measured();
    const now = Date.now();
    const shops = Array.from({ length: options.shops }, (_, n) => shopRecord(n, now - SPAN_MS));
    await producer.send(shops);
    for (let from = 0; from < events; from += BATCH) {
      const size = Math.min(BATCH, events - from);
      const records = Array.from({ length: size }, (_, n) => {
        const at = from + n;
        return eventRecord(at, Math.floor(now - SPAN_MS + (SPAN_MS * at) / events), options);
      });
      await producer.send(records);
    }
    await within(
      untilDone(() => progress.isDone()),
      limitMs,
    );
    const done = await measured();
    await sleep(SETTLE_MS);
    const resting = await measured();
    await sleep(REST_MS);
    const rested = await measured();
    const stored = await counts(servers.mongoUri, name);
    return {
      startSeconds: claimed.cpuSeconds,
      perEvent: ((done.cpuSeconds - begun.cpuSeconds) / events) * 1e6,
      restCores: (rested.cpuSeconds - resting.cpuSeconds) / (REST_MS / 1_000),
      peakMb: rested.peakMb,
      windowsPerEvent: stored.windows / events,
      partialsPerEvent: stored.partials / events,
      commits: stored.commits,
    };
  } finally {
    await Promise.all(children.map((child) => child.end()));
    await producer.close();
    await progress.close();
  }
}

async function untilDone(isDone: () => Promise<boolean>): Promise<void> {
  while (!(await isDone())) await sleep(LOOK_MS);
}

async function within(work: Promise<void>, limitMs: number): Promise<void> {
  const late = sleep(limitMs, undefined, { ref: false }).then(() => {
    throw new Error(`not done within ${limitMs / 1_000} s`);
  });
  await Promise.race([work, late]);
}

/** What was written of this point: windows that changed since the beginning, and commits. */
async function counts(uri: string, database: string) {
  const client = await new MongoClient(uri).connect();
  try {
    const db = client.db(database);
    const tasks = await db.collection<{ seq: number }>('checkpoints').find().toArray();
    return {
      windows: await db.collection('metrics').countDocuments({ shop: /^scale-/ }),
      partials: await db.collection('partials').countDocuments({ window: /^scale-/ }),
      commits: tasks.reduce((sum, { seq }) => sum + seq, 0),
    };
  } finally {
    await client.close();
  }
}
