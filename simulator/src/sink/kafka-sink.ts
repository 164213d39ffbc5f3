import { setTimeout } from 'node:timers/promises';
import {
  ensureTopics,
  type KafkaSettings,
  kafkaConnection,
  type TopicName,
  topicName,
} from '@storepulse/contracts';
import { Kafka, type KafkaJSError, logLevel, type Message } from 'kafkajs';
import { SimulatorError } from '../errors.ts';
import type { EventSink, OutgoingRecord } from './event-sink.ts';

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
 * Connects to Kafka, creates the topics that are missing and opens an idempotent producer (acknowledged by all
 * replicas, not compressed: the only built-in codec costs more than it saves on a local network).
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
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
  });
  try {
    await admin.connect();
    await ensureTopics(admin, settings);
    await producer.connect();
  } catch (error) {
    await Promise.allSettled([admin.disconnect(), producer.disconnect()]);
    throw unreachable(settings, error as KafkaJSError);
  }
  return {
    isEmpty: async (topic) => {
      const partitions = await onceSettled(() => admin.fetchTopicOffsets(topicName(topic, settings)));
      return partitions.every(({ high }) => high === '0');
    },
    send: async (records) => {
      try {
        await producer.sendBatch({ acks: -1, topicMessages: byTopic(records, settings) });
      } catch (error) {
        throw unreachable(settings, error as KafkaJSError);
      }
    },
    close: async () => {
      await Promise.all([admin.disconnect(), producer.disconnect()]);
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
      if (!(error as KafkaJSError).retriable || attempt === SETTLING_ATTEMPTS) throw error;
      await setTimeout(SETTLING_WAIT_MS);
    }
  }
}

function byTopic(records: readonly OutgoingRecord[], settings: KafkaSettings) {
  const topics = new Map<string, Message[]>();
  for (const { topic, key, value, headers, timestamp } of records) {
    const message = {
      key,
      value,
      headers,
      ...(timestamp === undefined ? {} : { timestamp: `${timestamp}` }),
    };
    const messages = topics.get(topic);
    if (messages) messages.push(message);
    else topics.set(topic, [message]);
  }
  return [...topics].map(([topic, messages]) => ({
    topic: topicName(topic as OutgoingRecord['topic'], settings),
    messages,
  }));
}

function unreachable(settings: KafkaSettings, cause: KafkaJSError): SimulatorError {
  return new SimulatorError(
    'broker-unreachable',
    `Kafka at ${settings.brokers} can't be used: ${cause.message}. Is it running? KAFKA_BROKERS names its address.`,
    { cause },
  );
}
