import { join } from 'node:path';
import type { CheckpointDocument, MetricDocument } from '@storepulse/contracts';
import { type PartName, type RunningPart, startPart } from '@storepulse/local';
import { restIdleQueues } from '@storepulse/processor/kafka/idle-request-queues';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { type Collection, type Db, MongoClient } from 'mongodb';
import { connectDirectly } from '../redirect.ts';

// Several files run at once, each with connections that are open for minutes.
restIdleQueues();

/** Topics and a database of its own on the test's servers, and the parts that were started on them. */
export interface Pipeline {
  readonly name: string;
  /** Put before every topic and group. */
  readonly prefix: string;
  /** What parts and programs are told by their environment to work on this pipeline. */
  readonly settings: Readonly<Record<string, string>>;
  readonly kafka: Kafka;
  /** Connects at its first use. */
  admin(): Promise<Admin>;
  readonly db: Db;
  readonly metrics: Collection<MetricDocument>;
  readonly checkpoints: Collection<CheckpointDocument>;
  /** Starts a part, or a program in its place, and returns when it is ready; it stops with the pipeline. */
  start(part: PartName, settings?: Readonly<Record<string, string>>, program?: string): Promise<RunningPart>;
  /** Ends with the pipeline, in reverse order of addition. */
  onStop(end: () => Promise<unknown>): void;
  stop(): Promise<void>;
}

/**
 * Makes a pipeline; nothing is started yet.
 * @param options.settings further settings of its parts
 */
export function createPipeline(options: {
  name: string;
  folder: string;
  kafkaBrokers: string;
  mongoUri: string;
  settings?: Readonly<Record<string, string>>;
}): Pipeline {
  const { name, folder, kafkaBrokers, mongoUri } = options;
  const prefix = `${name}.`;
  const settings = {
    KAFKA_BROKERS: kafkaBrokers,
    MONGODB_URI: mongoUri,
    MONGODB_DATABASE: name,
    TOPIC_PREFIX: prefix,
    ...options.settings,
  };
  const kafka = new Kafka({
    brokers: kafkaBrokers.split(','),
    clientId: `tests-${name}`,
    logLevel: logLevel.NOTHING,
    // Who measures a network that fails must not hang on it.
    socketFactory: ({ port, onConnect }) => connectDirectly(port).once('connect', onConnect),
    retry: { retries: 10, initialRetryTime: 100, maxRetryTime: 1_000 },
  });
  const mongo = new MongoClient(mongoUri, { readConcern: { level: 'majority' }, promoteBuffers: true });
  const db = mongo.db(name);
  const ends: (() => Promise<unknown>)[] = [() => mongo.close()];
  let admin: Promise<Admin> | undefined;
  let starts = 0;

  const connectAdmin = async () => {
    const client = kafka.admin();
    ends.push(() => client.disconnect());
    await client.connect();
    return client;
  };
  return {
    name,
    prefix,
    settings,
    kafka,
    admin: () => {
      admin ??= connectAdmin();
      return admin;
    },
    db,
    metrics: db.collection('metrics'),
    checkpoints: db.collection('checkpoints'),
    start: async (part, extra = {}, program) => {
      starts += 1;
      // A folder for each, so that two of one part keep their logs apart.
      const own = join(folder, `${part}-${starts}`);
      const running = await startPart(part, { ...settings, ...extra }, own, program);
      ends.push(() => running.stop());
      return running;
    },
    onStop: (end) => {
      ends.push(end);
    },
    stop: async () => {
      // One that fails to end must not keep the others.
      for (const end of ends.splice(0).reverse()) await Promise.allSettled([end()]);
    },
  };
}
