import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  KafkaSettingsSchema,
  kafkaConnection,
  readSettings,
  TOPIC_CONFIG,
  type TopicName,
} from '@storepulse/contracts';
import { type PartName, startPart, startServers } from '@storepulse/local';
import kafkajs, { Kafka, logLevel } from 'kafkajs';
import { MongoClient } from 'mongodb';
import type { Watched } from './sample.ts';

/** How short topics are kept here, so that what is deleted in weeks is deleted many times within the hour. */
export const COMPRESSED: Readonly<Partial<Record<TopicName, Readonly<Record<string, string>>>>> = {
  'product-views': deletedAfter(10),
  'user-interactions': deletedAfter(10),
  'system-logs': deletedAfter(10),
  'dead-letter': deletedAfter(10),
  'metric-changes': deletedAfter(10),
  // Compacted soon, and tombstones go after a minute for a day.
  metrics: {
    'segment.bytes': String(4 * 1024 * 1024),
    'segment.ms': '60000',
    'delete.retention.ms': '60000',
  },
};

function deletedAfter(minutes: number): Record<string, string> {
  return { 'retention.ms': String(minutes * 60_000), 'segment.ms': '60000', 'file.delete.delay.ms': '1000' };
}

const DATABASE = 'soak';
const PARTS: readonly PartName[] = ['processor', 'exporter', 'collector', 'archiver', 'simulator'];

/** Everything that runs, on servers of its own. @param history how much of it the simulator makes first, such as `15d` */
export async function createStand(parent: string, history: string, historyRate: number) {
  const folder = await mkdtemp(join(parent, 'storepulse-soak-'));
  const servers = await startServers({ dataDir: folder });
  const settings = {
    ...{ KAFKA_BROKERS: servers.kafkaBrokers, MONGODB_URI: servers.mongoUri, MONGODB_DATABASE: DATABASE },
    ...{ LOG_LEVEL: 'warn', LAKE_LOCATION: join(folder, 'lake') },
    // What may be kept between requests is full within minutes, and not just when the soak ends.
    ...{ EXPORTER_WINDOW_CACHE_MB: '16' },
    ...{ SIMULATOR_RATE: String(historyRate), SIMULATOR_BACKFILL: history, SIMULATOR_SEED: 'soak' },
  };
  const stops: (() => Promise<void>)[] = [];
  const urls: Partial<Record<PartName, string>> = {};
  const watched: Watched[] = [
    { name: 'kafka', pid: () => servers.kafka.pid! },
    { name: 'mongodb', pid: () => servers.mongo.pid! },
  ];
  const end = async () => {
    for (const stop of stops.reverse()) await stop();
    await servers.stop();
  };
  try {
    for (const name of PARTS) {
      const { url, service, stop } = await startPart(name, settings, folder);
      stops.push(stop);
      urls[name] = url;
      watched.push({ name, url, pid: () => service.pid! });
    }
  } catch (error) {
    await end();
    throw error;
  }
  const mongo = await new MongoClient(servers.mongoUri).connect();
  stops.push(() => mongo.close());
  return {
    folder,
    settings,
    watched,
    urls: urls as Readonly<Record<PartName, string>>,
    db: mongo.db(DATABASE),
    kafkaLog: join(folder, 'kafka', 'log'),
    folders: { kafka: join(folder, 'kafka'), mongodb: join(folder, 'mongodb'), lake: join(folder, 'lake') },
    /** From now on topics are kept as `COMPRESSED` says. */
    compress: () => keepShort(servers.kafkaBrokers),
    stop: end,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function keepShort(brokers: string): Promise<void> {
  const kafka = readSettings(KafkaSettingsSchema, { KAFKA_BROKERS: brokers });
  const admin = new Kafka({ ...kafkaConnection(kafka), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const resources = Object.entries(COMPRESSED).map(([topic, config]) => {
      const all = { ...TOPIC_CONFIG[topic as TopicName], ...config };
      const configEntries = Object.entries(all).map(([name, value]) => ({ name, value }));
      return { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries };
    });
    await admin.alterConfigs({ validateOnly: false, resources });
  } finally {
    await admin.disconnect();
  }
}
