import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { withLock } from '../../bootstrap/lock.mjs';
import { freePorts } from '../processes/free-ports.ts';
import { createGuard } from '../processes/guard.ts';
import { createService } from '../processes/service.ts';
import type { KafkaPrograms } from '../programs/find.ts';
import { warmStartFolder, warmStartIn } from '../programs/warm-start.ts';
import { kafkaService } from './kafka.ts';
import { kafkaFiles } from './kafka-config.ts';

/** A busy machine takes long to write the 12,000 classes. */
const END_MS = 120_000;
/** Handing over the first record takes a second. */
const USE_MS = 60_000;

/**
 * Makes a warm start of a Java and a Kafka, unless it is there: a node starts and is used, and what it has loaded is kept when
 * it ends. That takes the CPU time of three starts, once.
 * @throws {LocalError} when the node does not start
 * @throws {Error} when this Java can't keep classes
 */
export async function makeWarmStart({ java, libs }: KafkaPrograms, cacheFolder: string): Promise<void> {
  const whole = warmStartFolder(java.program, libs.program, cacheFolder);
  await withLock(`${whole}.lock`, async () => {
    if (existsSync(whole)) return;
    const aside = await mkdtemp(join(cacheFolder, '.warming-'));
    try {
      const kept = join(aside, 'kept');
      await mkdir(kept);
      await recordStart({ java: java.program, libs: libs.program }, aside, kept);
      await rename(kept, whole);
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
  });
}

/** Has a node start, be used and end in a folder, and puts what others need into the folder `kept`. */
async function recordStart(
  programs: { java: string; libs: string },
  folder: string,
  kept: string,
): Promise<void> {
  const { classes, checkpoint } = warmStartIn(kept);
  const [port, controllerPort] = (await freePorts(2)) as [number, number];
  const node = join(folder, 'node');
  const guard = createGuard();
  const service = createService(
    kafkaService({
      find: async () => programs,
      folder: node,
      port,
      controllerPort,
      shortLived: true,
      recordClasses: classes,
    }),
    { folder, guard },
  );
  try {
    await service.start();
    await copyFile(kafkaFiles(node).checkpoint, checkpoint);
    await useNode(port);
  } finally {
    await service.stop(END_MS);
    await guard.close();
  }
  if (!existsSync(classes)) throw new Error(`${programs.java} keeps no classes`);
}

/** Asks a node for what clients ask first, so that it loads what that takes: a topic, a transaction, and a group that reads it. */
async function useNode(port: number): Promise<void> {
  const kafka = new Kafka({ brokers: [`127.0.0.1:${port}`], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  const producer = kafka.producer({ transactionalId: 'warm', maxInFlightRequests: 1 });
  const consumer = kafka.consumer({ groupId: 'warm' });
  const topic = 'warm';
  try {
    await Promise.all([admin.connect(), producer.connect(), consumer.connect()]);
    await admin.createTopics({
      topics: [{ topic, configEntries: [{ name: 'cleanup.policy', value: 'compact' }] }],
    });
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ key: 'a', value: 'b' }] });
    await transaction.sendOffsets({
      consumerGroupId: 'warm',
      topics: [{ topic, partitions: [{ partition: 0, offset: '0' }] }],
    });
    await transaction.commit();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      setTimeout(() => reject(new Error('the node hands over no record')), USE_MS).unref();
      consumer.run({ eachMessage: async () => resolve() }).catch(reject);
    });
    await admin.fetchTopicOffsets(topic);
    await admin.fetchOffsets({ groupId: 'warm', topics: [topic] });
  } finally {
    await Promise.all([consumer.disconnect(), producer.disconnect(), admin.disconnect()]);
  }
}
