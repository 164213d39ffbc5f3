import { findErrorBy, ProduceAcks, Producer, stringSerializers } from '@platformatic/kafka';
import { type KafkaSettings, platformaticConnection, topicName } from '@storepulse/contracts';
import type { Producer as Requests } from './sender.ts';

/** A broker may wait so long for its followers, and a request for its answer, ms: a client waits for both. */
const BROKER_TIMEOUT_MS = 4_000;
const REQUEST_TIMEOUT_MS = 5_000;
const CONNECT_TIMEOUT_MS = 2_000;
/** Tries again within a few seconds, as a leader changes. */
const RETRIES = 3;
const RETRY_DELAY_MS = 300;

/** Requests to Kafka: idempotent, acknowledged by all replicas. What is tried again after a failure is stored once. */
export function createProducer(settings: KafkaSettings, clientId: string): Requests {
  const client = new Producer({
    ...platformaticConnection(settings),
    clientId,
    serializers: stringSerializers,
    idempotent: true,
    acks: ProduceAcks.ALL,
    timeout: BROKER_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retries: RETRIES,
    retryDelay: RETRY_DELAY_MS,
    autocreateTopics: false,
  });
  return {
    partitions: async (topic) => {
      const name = topicName(topic, settings);
      const { topics } = await client.metadata({ topics: [name] });
      return topics.get(name)!.partitionsCount;
    },
    produce: async (records) => {
      await client.send({
        messages: records.map(({ topic, timestamp, ...record }) => ({
          ...record,
          topic: topicName(topic, settings),
          timestamp: BigInt(timestamp),
        })),
      });
    },
    isTooLarge: (error) =>
      ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'].some(
        (apiId) => findErrorBy(error as Error, 'apiId', apiId) !== null,
      ),
    close: async () => {
      await client.close(true);
    },
  };
}
