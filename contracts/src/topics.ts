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

/** The segment that is written to is neither compacted nor deleted, and has a gigabyte by default. */
const SMALL_SEGMENTS = { 'segment.bytes': String(64 * 1024 * 1024) };

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
  // Notices that are gone before they were merged are sent again.
  'metric-changes': { 'cleanup.policy': 'delete', 'retention.ms': String(DAY_MS), ...SMALL_SEGMENTS },
  // A window by a dimension of thousands of values is one record. Windows change often: what is not compacted soon fills
  // the disk.
  metrics: { 'cleanup.policy': 'compact', ...SMALL_SEGMENTS, ...LARGE_RECORDS },
  'sim-ledger': { 'cleanup.policy': 'delete', 'retention.ms': '-1' },
};

/** The name of a topic on the cluster: the configured prefix before ours. */
export function topicName(topic: TopicName, settings: Pick<KafkaSettings, 'topicPrefix'>): string {
  return `${settings.topicPrefix}${topic}`;
}

/** A topic to be created. */
export interface NewTopic {
  /** Its full name. */
  readonly topic: string;
  readonly numPartitions: number;
  readonly replicationFactor: number;
  readonly configEntries: readonly { readonly name: string; readonly value: string }[];
}

/** What creating topics needs of a client of Kafka. */
export interface TopicAdmin {
  /** Of those of these topics that the cluster knows: for each partition, whether it has a leader that serves it. */
  describe(topics: readonly string[]): Promise<ReadonlyMap<string, readonly boolean[]>>;
  /** Creates topics; one that is there already is left as it is. @throws Kafka's error for the first that it refuses */
  create(topics: readonly NewTopic[]): Promise<void>;
}

/** Of so many replicas and more, two must have a record before it is acknowledged: it outlives the loss of a broker. */
const REPLICATED = 2;
/** How long topics that were just made are waited for. */
const MADE_MS = 20_000;
/** The same of topics that were there: another part may have made them a moment ago. */
const FOUND_MS = 3_000;
const SETTLING_WAIT_MS = 250;

/**
 * Creates the topics that are missing, all with the configured number of partitions and replication; a topic
 * that exists is left as it is. Returns when all of them can be read and written. Safe to call from several parts
 * at once.
 * @returns partitions that nobody serves, such as `transactions/2`: what needs them waits, all else goes on
 * @throws Kafka's error when they can't be made, or an error that names those that are not known within 20 s
 */
export async function ensureTopics(
  admin: TopicAdmin,
  settings: Pick<KafkaSettings, 'topicPrefix' | 'partitions' | 'replicationFactor'>,
): Promise<readonly string[]> {
  const began = Date.now();
  const named = TOPICS.map((topic) => topicName(topic, settings));
  let known = await admin.describe(named);
  const missing = TOPICS.filter((topic) => !known.has(topicName(topic, settings)));
  if (missing.length > 0) await admin.create(missing.map((topic) => newTopic(topic, settings)));
  // A topic has a leader before the leader knows it: until then it refuses.
  const isSettled = () => named.every((name) => known.get(name)?.every(Boolean));
  const deadline = began + (missing.length > 0 ? MADE_MS : FOUND_MS);
  while (!isSettled() && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, SETTLING_WAIT_MS));
    known = await admin.describe(named);
  }
  const unknown = named.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new Error(`Kafka does not know the topics ${unknown.join(', ')}, 20 s after it took them`);
  }
  return [...known].flatMap(([name, served]) =>
    served.flatMap((isServed, partition) => (isServed ? [] : [`${name}/${partition}`])),
  );
}

function newTopic(
  topic: TopicName,
  settings: Pick<KafkaSettings, 'topicPrefix' | 'partitions' | 'replicationFactor'>,
): NewTopic {
  const { partitions, replicationFactor } = settings;
  const config: Record<string, string> = { ...TOPIC_CONFIG[topic] };
  if (replicationFactor >= REPLICATED) config['min.insync.replicas'] = String(REPLICATED);
  return {
    topic: topicName(topic, settings),
    numPartitions: partitions,
    replicationFactor,
    configEntries: Object.entries(config).map(([name, value]) => ({ name, value })),
  };
}

/** Whether a client of Kafka calls an error one that passes: kafkajs by `retriable`, `@platformatic/kafka` by `canRetry`. */
export function isPassing(error: unknown): boolean {
  const { retriable, canRetry, cause } = error as {
    retriable?: boolean;
    canRetry?: boolean;
    cause?: unknown;
  };
  return retriable === true || canRetry === true || (cause instanceof Error && isPassing(cause));
}
