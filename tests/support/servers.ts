import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Service, sharedServers, startServers } from '@storepulse/local';
import { createPipeline, type Pipeline } from './pipeline/pipeline.ts';

/** A real Kafka and a real MongoDB that others may use too: whoever works on them neither stops nor kills them. */
export interface Servers extends AsyncDisposable {
  readonly kafkaBrokers: string;
  readonly mongoUri: string;
  /** Where MongoDB listens. */
  readonly mongoPort: number;
  /** Folder for files of the test. */
  readonly folder: string;
  /** A name for a database or topics that nobody else on the servers has: `name` with a suffix. */
  unique(name: string): string;
  /** A pipeline with a topic prefix and a database of its own, named after `name`; it ends with the servers. */
  pipeline(name: string): Pipeline;
  /** Those that were made so far. */
  readonly pipelines: readonly Pipeline[];
}

/** A Kafka and a MongoDB of a test's own, on random ports, in a folder that goes away. */
export interface TestServers extends Servers {
  /** The broker, to be stopped, killed and started again. */
  readonly kafka: Service;
  /** The mongod, likewise. */
  readonly mongo: Service;
}

/** Which servers to start; both by default. */
export interface Wanted {
  readonly kafka?: boolean;
  readonly mongo?: boolean;
}

// Tests hold little data, and several files of them run at once.
const KAFKA_HEAP_MB = 384;

/**
 * The servers that this run of tests shares between its files; for a file that is run by itself, servers of its own.
 * Databases and topics that a test makes without a pipeline need a `unique` name.
 */
export async function useServers(wanted: Wanted = {}): Promise<Servers> {
  const shared = sharedServers(process.env);
  if (shared === undefined) return startTestServers(wanted);
  const folder = await mkdtemp(join(tmpdir(), 'storepulse-tests-'));
  const { pipelines, ...servers } = within(folder, shared);
  return {
    ...servers,
    pipelines,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(pipelines.map((pipeline) => pipeline.stop()));
      await rm(folder, { recursive: true });
    },
  };
}

/** Starts servers for this test alone. They end when disposed, and with this process however it ends. */
export async function startTestServers(wanted: Wanted = {}): Promise<TestServers> {
  const folder = await mkdtemp(join(tmpdir(), 'storepulse-tests-'));
  const servers = await startServers({
    dataDir: folder,
    kafkaHeapMb: KAFKA_HEAP_MB,
    shortLived: true,
    ...wanted,
  }).catch(async (error) => {
    await rm(folder, { recursive: true });
    throw error;
  });
  const { pipelines, ...rest } = within(folder, servers);
  return {
    ...rest,
    pipelines,
    kafka: servers.kafka,
    mongo: servers.mongo,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(pipelines.map((pipeline) => pipeline.stop()));
      await servers.stop();
      await rm(folder, { recursive: true });
    },
  };
}

function within(folder: string, { kafkaBrokers, mongoUri }: { kafkaBrokers: string; mongoUri: string }) {
  const pipelines: Pipeline[] = [];
  const suffix = randomBytes(3).toString('hex');
  const unique = (name: string) => `${name}-${suffix}`;
  return {
    kafkaBrokers,
    mongoUri,
    mongoPort: Number(new URL(mongoUri).port),
    folder,
    pipelines,
    unique,
    pipeline: (name: string) => {
      const pipeline = createPipeline({
        name: unique(name),
        folder: join(folder, name),
        kafkaBrokers,
        mongoUri,
      });
      pipelines.push(pipeline);
      return pipeline;
    },
  };
}
