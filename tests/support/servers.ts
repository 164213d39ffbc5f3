import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Service, startServers } from '@storepulse/local';
import { createPipeline, type Pipeline } from './pipeline/pipeline.ts';

/** A real Kafka and a real MongoDB of a test's own, on random ports, in a folder that goes away. */
export interface TestServers extends AsyncDisposable {
  readonly kafkaBrokers: string;
  readonly mongoUri: string;
  /** The broker, to be stopped, killed and started again. */
  readonly kafka: Service;
  /** The mongod, likewise. */
  readonly mongo: Service;
  /** Where it listens. */
  readonly mongoPort: number;
  /** Folder for files of the test. */
  readonly folder: string;
  /** A pipeline with a topic prefix and a database of its own, named `name`; it ends with the servers. */
  pipeline(name: string): Pipeline;
  /** Those that were made so far. */
  readonly pipelines: readonly Pipeline[];
}

// Tests hold little data, and several files of them run at once.
const KAFKA_HEAP_MB = 384;

/** Starts the servers. They end when disposed, and with this process however it ends. */
export async function startTestServers(): Promise<TestServers> {
  const folder = await mkdtemp(join(tmpdir(), 'storepulse-tests-'));
  const servers = await startServers({
    dataDir: folder,
    kafkaHeapMb: KAFKA_HEAP_MB,
    shortLived: true,
  }).catch(async (error) => {
    await rm(folder, { recursive: true });
    throw error;
  });
  const { kafkaBrokers, mongoUri } = servers;
  const pipelines: Pipeline[] = [];
  return {
    kafkaBrokers,
    mongoUri,
    kafka: servers.kafka,
    mongo: servers.mongo,
    mongoPort: Number(new URL(mongoUri).port),
    folder,
    pipelines,
    pipeline: (name) => {
      const pipeline = createPipeline({ name, folder: join(folder, name), kafkaBrokers, mongoUri });
      pipelines.push(pipeline);
      return pipeline;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(pipelines.map((pipeline) => pipeline.stop()));
      await servers.stop();
      await rm(folder, { recursive: true });
    },
  };
}
