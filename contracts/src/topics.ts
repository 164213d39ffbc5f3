import type { KafkaSettings } from './settings.ts';

/** The input topics, in the order of the reference. */
export const INPUT_TOPICS = [
  'shops',
  'customers',
  'products',
  'transactions',
  'product-views',
  'user-interactions',
  'system-logs',
] as const;
/** All topics of the product, without the configured prefix. */
export const TOPICS = [...INPUT_TOPICS, 'dead-letter', 'metric-changes', 'metrics', 'sim-ledger'] as const;
/** A topic's name without the configured prefix. */
export type TopicName = (typeof TOPICS)[number];

/**
 * The fact topics: co-partitioned by `shop|visitorId`, so that partition p of all of them is one task.
 * Product views come first only for reading; no order across topics is assumed.
 */
export const FACT_TOPICS = ['transactions', 'product-views', 'user-interactions'] as const;

const DAY_MS = 86_400_000;
/** Of topics whose records may be far larger than an event. */
const LARGE_RECORDS = { 'max.message.bytes': String(8 * 1024 * 1024) };

/** How each topic is kept; retention in milliseconds, −1 for ever. */
export const TOPIC_CONFIG: Readonly<Record<TopicName, Readonly<Record<string, string>>>> = {
  shops: { 'cleanup.policy': 'compact' },
  // A tombstone stays for ten years: read anew, the log still tells who was erased.
  customers: { 'cleanup.policy': 'compact', 'delete.retention.ms': String(3_650 * DAY_MS) },
  products: { 'cleanup.policy': 'compact' },
  transactions: { 'cleanup.policy': 'delete', 'retention.ms': '-1' },
  'product-views': { 'cleanup.policy': 'delete', 'retention.ms': String(7 * DAY_MS) },
  'user-interactions': { 'cleanup.policy': 'delete', 'retention.ms': String(7 * DAY_MS) },
  'system-logs': { 'cleanup.policy': 'delete', 'retention.ms': String(DAY_MS) },
  'dead-letter': {
    'cleanup.policy': 'delete',
    'retention.ms': String(14 * DAY_MS),
    // A record as large as its own topic takes must fit in, headers of ours included.
    ...LARGE_RECORDS,
  },
  'metric-changes': { 'cleanup.policy': 'delete', 'retention.ms': String(7 * DAY_MS) },
  // A window by a dimension of thousands of values is one record.
  metrics: { 'cleanup.policy': 'compact', ...LARGE_RECORDS },
  'sim-ledger': { 'cleanup.policy': 'delete', 'retention.ms': '-1' },
};

/** The name of a topic on the cluster: the configured prefix before ours. */
export function topicName(topic: TopicName, settings: Pick<KafkaSettings, 'topicPrefix'>): string {
  return `${settings.topicPrefix}${topic}`;
}

/** The part of a Kafka admin client that creating topics needs; kafkajs' admin fits. */
export interface TopicAdmin {
  listTopics(): Promise<string[]>;
  createTopics(options: {
    waitForLeaders: boolean;
    topics: {
      topic: string;
      numPartitions: number;
      replicationFactor: number;
      configEntries: { name: string; value: string }[];
    }[];
  }): Promise<boolean>;
  fetchTopicOffsets(topic: string): Promise<unknown>;
}

const SETTLING_ATTEMPTS = 80;
const SETTLING_WAIT_MS = 250;

/**
 * Creates the topics that are missing, all with the configured number of partitions and replication; a topic
 * that exists is left as it is. Returns when all of them can be read and written. Safe to call from several parts
 * at once.
 * @throws Kafka's error when they can't be made, or are not served within 20 s.
 */
export async function ensureTopics(
  admin: TopicAdmin,
  settings: Pick<KafkaSettings, 'topicPrefix' | 'partitions' | 'replicationFactor'>,
): Promise<void> {
  const existing = new Set(await admin.listTopics());
  const missing = TOPICS.filter((topic) => !existing.has(topicName(topic, settings)));
  if (missing.length > 0) {
    await admin.createTopics({
      // kafkajs' own waiting gives up at once on a broker that has not heard of the topic yet.
      waitForLeaders: false,
      topics: missing.map((topic) => ({
        topic: topicName(topic, settings),
        numPartitions: settings.partitions,
        replicationFactor: settings.replicationFactor,
        configEntries: Object.entries(TOPIC_CONFIG[topic]).map(([name, value]) => ({ name, value })),
      })),
    });
  }
  // Also those that were there: another part may have made them a moment ago.
  await Promise.all(TOPICS.map((topic) => untilServed(admin, topicName(topic, settings))));
}

/** A topic has a leader before the leader knows it: until then it refuses, which kafkajs does not wait out. */
async function untilServed(admin: TopicAdmin, topic: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await admin.fetchTopicOffsets(topic);
      return;
    } catch (error) {
      if (!isPassing(error) || attempt === SETTLING_ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, SETTLING_WAIT_MS));
    }
  }
}

/** Whether Kafka calls an error retriable; kafkajs calls it final once its own attempts are used up. */
export function isPassing(error: unknown): boolean {
  const { retriable, cause } = error as { retriable?: boolean; cause?: unknown };
  return retriable === true || (cause instanceof Error && isPassing(cause));
}
