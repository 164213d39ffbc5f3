import { type KafkaSettings, kafkaConnection, type TopicName, topicName } from '@storepulse/contracts';
import { type Consumer, Kafka, type KafkaMessage, logLevel } from 'kafkajs';
import { SimulatorError } from '../errors.ts';

/** Takes a record that was read. */
export type TakeRecord = (record: Pick<KafkaMessage, 'key' | 'value' | 'headers'>) => void;

/** Reads what Kafka holds. */
export interface TopicSource {
  /** The offsets of a topic's partitions: where the log begins, and where the next record goes. */
  bounds(topic: TopicName): Promise<readonly { partition: number; low: number; high: number }[]>;
  /** Offsets up to which a consumer group has read a topic, by partition. */
  committed(group: string, topic: TopicName): Promise<ReadonlyMap<number, number>>;
  /** Hands over every committed record that is on a topic now, partition by partition in their order. */
  read(topic: TopicName, take: TakeRecord): Promise<void>;
  close(): Promise<void>;
}

/** Fetches without any record, one after the other, that tell that there is nothing left to wait for. */
const IDLE_FETCHES = 10;
const MAX_WAIT_MS = 200;

/**
 * Connects to Kafka.
 * @throws {SimulatorError} `broker-unreachable`, also from everything that is read later
 */
export async function openTopicSource(settings: KafkaSettings): Promise<TopicSource> {
  const kafka = new Kafka({
    ...kafkaConnection(settings),
    clientId: 'storepulse-verify',
    logLevel: logLevel.NOTHING,
    retry: { retries: 4 },
  });
  const admin = kafka.admin();
  const reachable = async <T>(call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      const reason = (error as Error).message;
      throw new SimulatorError(
        'broker-unreachable',
        `Kafka at ${settings.brokers} can't be read: ${reason}`,
        {
          cause: error,
        },
      );
    }
  };
  await reachable(() => admin.connect());
  let readers = 0;

  const bounds = (topic: TopicName) =>
    reachable(async () =>
      (await admin.fetchTopicOffsets(topicName(topic, settings))).map(({ partition, low, high }) => ({
        partition,
        low: Number(low),
        high: Number(high),
      })),
    );
  return {
    bounds,
    committed: (group, topic) =>
      reachable(async () => {
        const topics = [topicName(topic, settings)];
        const [found] = await admin.fetchOffsets({ groupId: `${settings.topicPrefix}${group}`, topics });
        return new Map(found?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
      }),
    read: async (topic, take) => {
      const ends = new Map(
        (await bounds(topic)).map(({ partition, low, high }) => [partition, high > low ? high : 0]),
      );
      if ([...ends.values()].every((end) => end === 0)) return;
      readers += 1;
      const groupId = `${settings.topicPrefix}verify-${process.pid}-${Date.now()}-${readers}`;
      const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: MAX_WAIT_MS });
      await reachable(async () => {
        try {
          await consumer.connect();
          await consumer.subscribe({ topic: topicName(topic, settings), fromBeginning: true });
          await readToEnd(consumer, ends, take);
        } finally {
          await consumer.disconnect();
        }
      });
    },
    close: () => admin.disconnect(),
  };
}

/** The last offsets of a log may be the marks of transactions, which are never handed over: then fetches stay empty. */
function readToEnd(consumer: Consumer, ends: ReadonlyMap<number, number>, take: TakeRecord): Promise<void> {
  const left = new Set([...ends].flatMap(([partition, end]) => (end > 0 ? [partition] : [])));
  return new Promise((resolve, reject) => {
    let idle = 0;
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    consumer.on(consumer.events.FETCH, ({ payload }) => {
      idle = payload.numberOfBatches === 0 ? idle + 1 : 0;
      if (idle >= IDLE_FETCHES) resolve();
    });
    const eachBatch: NonNullable<Parameters<Consumer['run']>[0]>['eachBatch'] = async ({
      batch,
      heartbeat,
    }) => {
      idle = 0;
      for (const message of batch.messages) take(message);
      if (Number(batch.lastOffset()) + 1 >= ends.get(batch.partition)!) left.delete(batch.partition);
      if (left.size === 0) resolve();
      else await heartbeat();
    };
    consumer.run({ autoCommit: false, eachBatch }).catch(reject);
  });
}
