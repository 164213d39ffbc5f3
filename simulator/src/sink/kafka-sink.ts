import { setTimeout } from 'node:timers/promises';
import {
  ensureTopics,
  isPassing,
  type KafkaSettings,
  kafkaAdvice,
  type TopicName,
  topicName,
} from '@storepulse/contracts';
import { SimulatorError } from '../errors.ts';
import type { EventSink } from './event-sink.ts';
import { createKafkaProducer } from './kafka-producer.ts';
import { createTopicClient } from './topic-client.ts';

/** A sink with a connection to end. */
export interface KafkaSink extends EventSink {
  /** Whether a topic has never held a record. */
  isEmpty(topic: TopicName): Promise<boolean>;
  /** Next offsets to write of a topic, by partition. */
  ends(topic: TopicName): Promise<ReadonlyMap<number, number>>;
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
  const topics = createTopicClient(settings, clientId);
  const producer = createKafkaProducer(settings, clientId);
  try {
    await onceSettled(() => ensureTopics(topics, settings), CONNECT_ATTEMPTS);
  } catch (error) {
    await Promise.allSettled([topics.close(), producer.close()]);
    throw unreachable(settings, error as Error);
  }
  const failed = (error: Error) => {
    throw unreachable(settings, error);
  };
  return {
    ends: (topic) => onceSettled(() => topics.ends(topicName(topic, settings))),
    isEmpty: (topic) => onceSettled(() => topics.isEmpty(topicName(topic, settings))),
    send: (records) => producer.send(records).catch(failed),
    settle: async () => producer.settle?.().catch(failed),
    close: async () => {
      await Promise.all([topics.close(), producer.close()]);
    },
  };
}

/** A broker that is just starting is waited for as long as a person waits for a program. */
const CONNECT_ATTEMPTS = 12;
const SETTLING_ATTEMPTS = 40;
const SETTLING_WAIT_MS = 250;

/** Asks again while a topic that was just made has no leader yet, which the client does not wait for here. */
async function onceSettled<T>(ask: () => Promise<T>, attempts = SETTLING_ATTEMPTS): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (!isPassing(error) || attempt === attempts) throw error;
      await setTimeout(SETTLING_WAIT_MS);
    }
  }
}

function unreachable(settings: KafkaSettings, cause: Error): SimulatorError {
  return new SimulatorError(
    'broker-unreachable',
    `Kafka at ${settings.brokers} can't be used: ${cause.message.replace(/\.$/, '')}. ${kafkaAdvice(cause, settings) ?? 'Is it running? KAFKA_BROKERS names its address.'}`,
    { cause },
  );
}
