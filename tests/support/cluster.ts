import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type KafkaCluster,
  type MongoCluster,
  startKafkaCluster,
  startMongoCluster,
} from '@storepulse/local';
import { createPipeline, type Pipeline } from './pipeline/pipeline.ts';

/** Three Kafka brokers and a replica set of three mongods, in a folder that goes away. */
export interface TestCluster extends AsyncDisposable {
  readonly kafka: KafkaCluster;
  readonly mongo: MongoCluster;
  /** Folder for files of the test. */
  readonly folder: string;
  /** A pipeline with a topic prefix and a database of its own, named `name`, whose topics have three replicas. */
  pipeline(name: string): Pipeline;
}

const REPLICAS = 3;
/** Two of three replicas must have what is acknowledged, also of topics that say nothing of it. */
const KAFKA_PROPERTIES = { 'default.replication.factor': REPLICAS, 'min.insync.replicas': 2 };

/** Starts the cluster. It ends when disposed, and with this process however it ends. */
export async function startTestCluster(): Promise<TestCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'storepulse-cluster-'));
  const ends = new AsyncDisposableStack();
  ends.defer(() => rm(folder, { recursive: true }));
  try {
    // One after the other: six servers that start at once would each take too long.
    const kafka = ends.use(await startKafkaCluster({ dataDir: folder, properties: KAFKA_PROPERTIES }));
    const mongo = ends.use(await startMongoCluster({ dataDir: folder }));
    return {
      kafka,
      mongo,
      folder,
      pipeline: (name) => {
        const pipeline = createPipeline({
          name,
          folder: join(folder, name),
          kafkaBrokers: kafka.brokers,
          mongoUri: mongo.uri,
          settings: { TOPIC_REPLICATION_FACTOR: String(REPLICAS) },
        });
        ends.defer(() => pipeline.stop());
        return pipeline;
      },
      [Symbol.asyncDispose]: () => ends.disposeAsync(),
    };
  } catch (error) {
    await ends.disposeAsync();
    throw error;
  }
}
