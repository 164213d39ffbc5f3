import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import type { ServiceSpec } from '../processes/service.ts';
import { run } from '../programs/run.ts';
import type { WarmStart } from '../programs/warm-start.ts';
import {
  type ClusterPlace,
  KAFKA_LOGGING,
  type KafkaNode,
  kafkaFiles,
  kafkaProperties,
  metaProperties,
} from './kafka-config.ts';

/** What a Kafka node is started from. */
export interface KafkaServerOptions {
  /** Finds the `java` executable (17 or newer), the folder of Kafka's jars, and what a short-lived node can start from. */
  find(): Promise<{ java: string; libs: string; warmStart?: WarmStart | undefined }>;
  /** Folder for the node's configuration and data. */
  folder: string;
  port: number;
  controllerPort: number;
  /** Java heap in MB. @default 512 */
  heapMb?: number;
  /** True for a node that serves for minutes at most: it is not compiled as well as it could be, and has few threads. @default false */
  shortLived?: boolean;
  /** The node's place in a cluster. @default a cluster of one, with an id of its own */
  place?: ClusterPlace;
  /** Further lines of `server.properties`; they go over ours. */
  properties?: KafkaNode['properties'];
  /** A file that the classes which it has loaded are written to when it ends in good order. */
  recordClasses?: string;
}

/** No time is lost in compiling well what ends soon. */
const QUICK_START = '-XX:TieredStopAtLevel=1';
/** Where an archive of classes turns out not to fit, Java loads them as without one: it need not say so. */
const WITHOUT_WORDS = ['-Xlog:cds=off', '-Xlog:cds+dynamic=off'];
const FORMAT_TIMEOUT_MS = 60_000;

/**
 * A Kafka node (KRaft, no ZooKeeper), formatted at its first start. It is named `kafka`, and `kafka-<node.id>` in a
 * cluster.
 */
export function kafkaService({
  find,
  folder,
  port,
  controllerPort,
  heapMb = 512,
  shortLived = false,
  place,
  properties = {},
  recordClasses,
}: KafkaServerOptions): ServiceSpec {
  const files = kafkaFiles(folder);
  const logging = `-Dlog4j2.configurationFile=${files.logging}`;
  return {
    name: place ? `kafka-${place.nodeId}` : 'kafka',
    async launch() {
      const { java, libs, warmStart: found } = await find();
      const warmStart = shortLived ? found : undefined;
      const env = { ...process.env, CLASSPATH: join(libs, '*') };
      await mkdir(folder, { recursive: true });
      await writeFile(files.logging, KAFKA_LOGGING);
      await writeFile(
        files.properties,
        kafkaProperties({
          port,
          controllerPort,
          logFolder: files.logFolder,
          shortLived,
          properties,
          ...(place ? { place } : {}),
        }),
      );
      if (!existsSync(files.meta)) {
        const id = place?.clusterId ?? randomClusterId();
        if (warmStart === undefined) {
          const format = ['kafka.tools.StorageTool', 'format', '-t', id, '-c', files.properties];
          await run(java, ['-XX:+UseSerialGC', QUICK_START, logging, ...format], {
            env,
            timeoutMs: FORMAT_TIMEOUT_MS,
          });
        } else {
          await mkdir(files.logFolder, { recursive: true });
          await copyFile(warmStart.checkpoint, files.checkpoint);
          await writeFile(files.meta, metaProperties(id, place?.nodeId ?? 1, randomClusterId()));
        }
      }
      const heap = [`-Xmx${heapMb}m`, `-Xms${Math.min(256, heapMb)}m`, '-XX:+UseSerialGC'];
      const compiler = shortLived ? [QUICK_START] : [];
      const classes = warmStart ? [`-XX:SharedArchiveFile=${warmStart.classes}`, ...WITHOUT_WORDS] : [];
      const recording = recordClasses === undefined ? [] : [`-XX:ArchiveClassesAtExit=${recordClasses}`];
      const flags = [...heap, ...compiler, ...classes, ...recording, logging];
      return { command: java, args: [...flags, 'kafka.Kafka', files.properties], env };
    },
    // Until a node serves, the others know nothing of it.
    isReady: async () => (await servingNodes(port)).includes(place?.nodeId ?? 1),
    startTimeoutMs: 60_000,
    stopGraceMs: 3500,
  };
}

/** A random id in Kafka's form, of a cluster or a folder: 16 bytes in base64url, not beginning with a dash. */
export function randomClusterId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? randomClusterId() : id;
}

/** The ids of the nodes that the node on `port` knows to serve. @throws kafkajs' error while it does not answer */
export async function servingNodes(port: number): Promise<number[]> {
  const client = new Kafka({
    brokers: [`127.0.0.1:${port}`],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    requestTimeout: 2000,
    retry: { retries: 0 },
  });
  const admin = client.admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    return brokers.map(({ nodeId }) => nodeId);
  } finally {
    await admin.disconnect();
  }
}
