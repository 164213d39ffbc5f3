import { setTimeout } from 'node:timers/promises';
import {
  ensureTopics,
  isPassing,
  type KafkaSettings,
  kafkaConnection,
  type TopicName,
  topicName,
} from '@storepulse/contracts';
import { Kafka, type KafkaJSError, logLevel } from 'kafkajs';
import { SimulatorError } from '../errors.ts';
import type { EventSink } from './event-sink.ts';
import { createKafkaProducer } from './kafka-producer.ts';

/** A sink with a connection to end. */
export interface KafkaSink extends EventSink {
  /** Whether a topic has never held a record. */
  isEmpty(topic: TopicName): Promise<boolean>;
  /** Waits for what is under way and disconnects. */
  close(): Promise<void>;
}

/** What the sink needs to know. */
export interface KafkaSinkOptions {
  readonly settings: KafkaSettings;
  /** Names this program in the broker's logs. */
  readonly clientId: string;
}

/**
 * Connects to Kafka, creates the topics that are missing and opens a producer.
 * @throws {SimulatorError} `broker-unreachable` when Kafka can't be reached or refuses us.
 */
export async function openKafkaSink({ settings, clientId }: KafkaSinkOptions): Promise<KafkaSink> {
  const kafka = new Kafka({
    ...kafkaConnection(settings),
    clientId,
    connectionTimeout: 3_000,
    retry: { initialRetryTime: 200, retries: 4 },
    logLevel: logLevel.NOTHING,
  });
  const admin = kafka.admin();
  const producer = createKafkaProducer(settings, clientId);
  try {
    await admin.connect();
    await ensureTopics(admin, settings);
  } catch (error) {
    await Promise.allSettled([admin.disconnect(), producer.close()]);
    throw unreachable(settings, error as KafkaJSError);
  }
  return {
    isEmpty: async (topic) => {
      const partitions = await onceSettled(() => admin.fetchTopicOffsets(topicName(topic, settings)));
      return partitions.every(({ high }) => high === '0');
    },
    send: async (records) => {
      try {
        await producer.send(records);
      } catch (error) {
        throw unreachable(settings, error as KafkaJSError);
      }
    },
    close: async () => {
      await Promise.all([admin.disconnect(), producer.close()]);
    },
  };
}

const SETTLING_ATTEMPTS = 40;
const SETTLING_WAIT_MS = 250;

/** Asks again while a topic that was just made has no leader yet, which the client does not wait for here. */
async function onceSettled<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (!isPassing(error) || attempt === SETTLING_ATTEMPTS) throw error;
      await setTimeout(SETTLING_WAIT_MS);
    }
  }
}

function unreachable(settings: KafkaSettings, cause: KafkaJSError): SimulatorError {
  return new SimulatorError(
    'broker-unreachable',
    `Kafka at ${settings.brokers} can't be used: ${cause.message}. Is it running? KAFKA_BROKERS names its address.`,
    { cause },
  );
}
