import { setTimeout as sleep } from 'node:timers/promises';
import {
  ensureTopics,
  isPassing,
  type KafkaSettings,
  kafkaConnection,
  type TopicName,
  topicName,
} from '@storepulse/contracts';
import { Kafka as KafkaJs, logLevel, Partitioners, type Producer } from 'kafkajs';
import type { Logger } from 'pino';
import { answeringSockets, SILENT_MS } from './answering-socket.ts';
import { askTogether } from './ask-together.ts';
import { type Cluster, type ClusterView, createCluster } from './cluster/cluster.ts';
import { committedOffsets } from './cluster/committed.ts';
import { createEndOfEpoch } from './cluster/end-of-epoch.ts';
import { EARLIEST, LATEST, listOffsets, TopicRefused } from './cluster/list-offsets.ts';
import { createTopicAdmin } from './cluster/topic-admin.ts';
import { createGroupConsumer } from './consumer.ts';
import { restIdleQueues } from './idle-request-queues.ts';
import { leanProduce } from './lean-produce.ts';
import { createMember } from './member.ts';
import { followCoordinators } from './moved-coordinators.ts';
import { toleratePartitionFaults } from './one-partition-faults.ts';
import type { Kafka, KnownBounds } from './port.ts';
import { createReader } from './reader.ts';
import { sendWhole } from './send-whole.ts';
import { createSender, type SendRequest } from './sender.ts';

/**
 * A transaction that a dead connection has left open holds up who reads `metrics` committed until it has lived so long. One
 * takes some tenths of a second.
 */
const TRANSACTION_MS = 10_000;
/**
 * The port over kafkajs (membership, producers) and one view of the cluster (all else). Topic names are ours throughout;
 * the configured prefix is added here alone.
 */
export function createKafka(settings: KafkaSettings, clientId: string, logger: Logger): Kafka {
  toleratePartitionFaults();
  followCoordinators();
  restIdleQueues();
  leanProduce();
  const client = new KafkaJs({
    ...kafkaConnection(settings),
    clientId,
    socketFactory: answeringSockets(),
    requestTimeout: SILENT_MS,
    retry: { retries: 8, initialRetryTime: 100, maxRetryTime: 2_000 },
    logLevel: logLevel.WARN,
    // A fresh broker answers the first calls with COORDINATOR_NOT_AVAILABLE and the like; kafkajs retries them.
    logCreator: () => (entry) => logger.debug({ kafkajs: entry.log }, entry.log.message),
  });
  const cluster = createCluster(settings, clientId);
  const endOfEpoch = createEndOfEpoch(cluster);
  const named = (topic: TopicName) => topicName(topic, settings);

  const sending = (producer: Producer, send: (request: SendRequest) => Promise<unknown>) =>
    createSender({ cluster, named, send, close: () => producer.disconnect() });

  const partitionCounts: Kafka['partitionCounts'] = async (topics) => {
    const view = await retryTransient(() => viewOfAll(cluster, topics.map(named)));
    return new Map(topics.map((topic) => [topic, view.topics.get(named(topic))!.partitions.length]));
  };

  return {
    consumer: (options) =>
      createGroupConsumer(
        () => createMember({ client, cluster, clientId, settings, logger }, options),
        logger,
      ),
    reader: (options) => createReader({ cluster, clientId, settings, logger }, options, partitionCounts),
    sender: async () => {
      const producer = client.producer({
        createPartitioner: Partitioners.DefaultPartitioner,
        allowAutoTopicCreation: false,
      });
      await producer.connect();
      return sending(producer, (request) => sendWhole((part) => producer.send(part), request));
    },
    transactionalSender: async (id) => {
      const producer = client.producer({
        createPartitioner: Partitioners.DefaultPartitioner,
        allowAutoTopicCreation: false,
        transactionalId: `${settings.topicPrefix}${id}`,
        idempotent: true,
        maxInFlightRequests: 1,
        transactionTimeout: TRANSACTION_MS,
      });
      await producer.connect();
      return sending(producer, async (request) => {
        const transaction = await producer.transaction();
        try {
          await sendWhole((part) => transaction.send(part), request);
          await transaction.commit();
        } catch (error) {
          await transaction.abort().catch(() => undefined);
          throw error;
        }
      });
    },
    partitionCounts,
    bounds: async (topic) => {
      const offsets = await retryTransient(() => allOffsets(cluster, named(topic), [EARLIEST, LATEST]));
      // Asked behind them: offsets of a topic that was made anew in between are not taken for the former one's.
      const { topics } = await retryTransient(() => viewOfAll(cluster, [named(topic)]));
      const topicId = topics.get(named(topic))!.id;
      return [...offsets].map(([partition, [low, high]]) => ({ partition, low: low!, high: high!, topicId }));
    },
    // Tasks ask for the same topics when they are claimed together: each answer has all partitions.
    knownBounds: askTogether<TopicName, KnownBounds>(async (topics) => {
      const { offsets, faults } = await listOffsets(cluster, topics.map(named), [EARLIEST, LATEST]);
      const view = await cluster.view(topics.map(named), 0);
      const bounds = topics.map((topic) => {
        const ofTopic = [...offsets.get(named(topic))!];
        const topicId = view.topics.get(named(topic))?.id;
        const known = topicId === undefined ? {} : { topicId };
        return [
          topic,
          ofTopic.map(([partition, [low, high]]) => ({ partition, low: low!, high: high!, ...known })),
        ] as const;
      });
      const unavailable = topics.flatMap((topic) =>
        [...faults.get(named(topic))!].map(([partition, reason]) => ({ topic, partition, reason })),
      );
      return { bounds: new Map(bounds), unavailable };
    }),
    endOfEpoch: (topic, partition, epoch) => endOfEpoch({ topic: named(topic), partition, epoch }),
    offsetsAt: async (topic, timestamp) => {
      const offsets = await retryTransient(() => allOffsets(cluster, named(topic), [timestamp, LATEST]));
      return new Map([...offsets].map(([partition, [at, end]]) => [partition, at! >= 0 ? at! : end!]));
    },
    committed: (group, topic) => committedOffsets(cluster, `${settings.topicPrefix}${group}`, named(topic)),
    prepareTopics: async () => {
      const leaderless = await ensureTopics(createTopicAdmin(cluster), settings);
      if (leaderless.length > 0)
        logger.warn({ partitions: leaderless }, 'partitions have no leader; they wait');
    },
    close: () => cluster.close(),
  };
}

/** A view in which each of the topics is. @throws {TopicRefused} */
async function viewOfAll(cluster: Cluster, topics: readonly string[]): Promise<ClusterView> {
  const view = await cluster.view(topics, 0);
  const missing = topics.find((topic) => !view.topics.has(topic));
  if (missing !== undefined)
    throw new TopicRefused(missing, view.refused.get(missing) ?? 'it is not told of');
  return view;
}

/** Offsets of all partitions of a topic, in order. @throws {PartitionsSilent} when one does not answer */
async function allOffsets(
  cluster: Cluster,
  topic: string,
  timestamps: readonly number[],
): Promise<ReadonlyMap<number, readonly number[]>> {
  const { offsets, faults } = await listOffsets(cluster, [topic], timestamps);
  const silent = faults.get(topic)!;
  if (silent.size > 0) throw new PartitionsSilent(topic, silent);
  return new Map([...offsets.get(topic)!].sort(([a], [b]) => a - b));
}

/** Some partitions of a topic do not tell their offsets now. */
class PartitionsSilent extends Error {
  override readonly name = 'PartitionsSilent';
  readonly retriable = true;

  constructor(topic: string, faults: ReadonlyMap<number, string>) {
    const each = [...faults].map(([partition, reason]) => `partition ${partition}: ${reason}`);
    super(`not all partitions of the topic ${topic} can be asked: ${each.join('; ')}`);
  }
}

/** How long a call may meet passing faults: a topic that another part has just created has no leader at first. */
const TRANSIENT_MS = 20_000;

/** Repeats a call while it fails with an error that is called retriable. */
async function retryTransient<T>(call: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + TRANSIENT_MS;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isPassing(error) || Date.now() > deadline) throw error;
      await sleep(200);
    }
  }
}
