import { join } from 'node:path';
import { freePorts } from '../processes/free-ports.ts';
import { createGuard, type Guard } from '../processes/guard.ts';
import { createService, type Service } from '../processes/service.ts';
import { findKafka, findMongod } from '../programs/find.ts';
import type { FindOptions } from '../programs/find-program.ts';
import { kafkaService } from './kafka.ts';
import { mongodService } from './mongod.ts';

/** Where the servers listen, on the loopback address. */
export interface ServerPorts {
  kafka: number;
  kafkaController: number;
  mongodb: number;
}

/** What to start, and where. */
export interface StartServersOptions {
  /** Folder for data, logs and pid files; a later start with the same folder finds the same data. */
  dataDir: string;
  /** Ports to listen on; free ones by default. */
  ports?: 'random' | ServerPorts;
  /** False: not started now, only by `kafka.start()`. @default true */
  kafka?: boolean;
  /** Likewise. @default true */
  mongo?: boolean;
  /** Kafka's Java heap in MB. @default 512 */
  kafkaHeapMb?: number;
  /** True when they serve for minutes at most, as in tests: less CPU time at the start and at rest. @default false */
  shortLived?: boolean;
  /** WiredTiger's cache in GB. @default 0.5 */
  mongoCacheGb?: number;
  /** How programs are found or fetched; by default from this process's environment, showing nothing. */
  find?: FindOptions;
}

/** Servers that are ready. */
export interface RunningServers {
  /** For `KAFKA_BROKERS`, e.g. `127.0.0.1:41234`. */
  kafkaBrokers: string;
  /** For `MONGODB_URI`, with the replica set in it. */
  mongoUri: string;
  /** The Kafka node: `pid`, `stop`, `kill`, `start`, `restart`; it keeps its port and data. */
  kafka: Service;
  /** The mongod, likewise. */
  mongo: Service;
  /** Ends the servers; the data folder stays. */
  stop(): Promise<void>;
}

/**
 * Starts a real Kafka and a real MongoDB, in parallel, and returns when both serve.
 * They end with this process, however it ends.
 * @throws {LocalError} when a program can't be had or does not start
 */
export async function startServers(options: StartServersOptions): Promise<RunningServers> {
  const ports =
    options.ports === undefined || options.ports === 'random' ? await randomPorts() : options.ports;
  const guard = createGuard();
  const { kafka, mongo } = createServers({ ...options, ports }, guard);
  const stop = async () => {
    await Promise.all([kafka.stop(), mongo.stop()]);
    await guard.close();
  };
  try {
    await Promise.all([options.kafka !== false && kafka.start(), options.mongo !== false && mongo.start()]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    kafkaBrokers: `127.0.0.1:${ports.kafka}`,
    mongoUri: `mongodb://127.0.0.1:${ports.mongodb}/?replicaSet=rs0`,
    kafka,
    mongo,
    stop,
  };
}

/** The two servers as services that are not started. */
export interface Servers {
  kafka: Service;
  mongo: Service;
  /** Finds or fetches their programs ahead of the start, which else does it. */
  find: { kafka(): Promise<unknown>; mongo(): Promise<unknown> };
}

/** Makes the two servers, without starting them. */
export function createServers(options: StartServersOptions & { ports: ServerPorts }, guard: Guard): Servers {
  const { dataDir, ports, kafkaHeapMb, shortLived, mongoCacheGb } = options;
  const place = { folder: dataDir, guard };
  const findJars = onceFound(async () => {
    const { java, libs, warmStart } = await findKafka(options.find);
    return { java: java.program, libs: libs.program, warmStart };
  });
  const findServer = onceFound(async () => (await findMongod(options.find)).program);
  const kafka = kafkaService({
    find: findJars,
    folder: join(dataDir, 'kafka'),
    port: ports.kafka,
    controllerPort: ports.kafkaController,
    ...(kafkaHeapMb ? { heapMb: kafkaHeapMb } : {}),
    ...(shortLived ? { shortLived } : {}),
  });
  const mongo = mongodService({
    find: findServer,
    folder: join(dataDir, 'mongodb'),
    port: ports.mongodb,
    ...(mongoCacheGb ? { cacheGb: mongoCacheGb } : {}),
  });
  return {
    kafka: createService(kafka, place),
    mongo: createService(mongo, place),
    find: { kafka: findJars, mongo: findServer },
  };
}

/** Remembers what was found; a failed search is made again the next time. */
function onceFound<T>(search: () => Promise<T>): () => Promise<T> {
  let found: T | undefined;
  return async () => {
    found ??= await search();
    return found;
  };
}

async function randomPorts(): Promise<ServerPorts> {
  const [kafka, kafkaController, mongodb] = (await freePorts(3)) as [number, number, number];
  return { kafka, kafkaController, mongodb };
}
