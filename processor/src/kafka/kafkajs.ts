import { setTimeout as sleep } from 'node:timers/promises';
import {
  ensureTopics,
  isPassing,
  type KafkaSettings,
  kafkaConnection,
  type TopicName,
  topicName,
} from '@storepulse/contracts';
import { Kafka as KafkaJs, logLevel, type Message, Partitioners, type Producer } from 'kafkajs';
import type { Logger } from 'pino';
import { RecordsTooLarge } from '../errors.ts';
import { createGroupConsumer } from './consumer.ts';
import { errorTypes } from './error-types.ts';
import { createMember } from './member.ts';
import type { Kafka, OutputRecord, Sender } from './port.ts';

/** Largest request of a producer: below the broker's default of 1 MB by a margin for headers. */
const MAX_REQUEST_BYTES = 700_000;

/** The port over kafkajs. Topic names are ours throughout; the configured prefix is added here alone. */
export function createKafka(settings: KafkaSettings, clientId: string, logger: Logger): Kafka {
  const client = new KafkaJs({
    ...kafkaConnection(settings),
    clientId,
    retry: { retries: 8, initialRetryTime: 100, maxRetryTime: 2_000 },
    logLevel: logLevel.WARN,
    // A fresh broker answers the first calls with COORDINATOR_NOT_AVAILABLE and the like; kafkajs retries them.
    logCreator: () => (entry) => logger.debug({ kafkajs: entry.log }, entry.log.message),
  });
  const admin = client.admin();
  const connected = admin.connect();
  const named = (topic: TopicName) => topicName(topic, settings);

  const sending = (
    producer: Producer,
    send: (message: SendRequest) => Promise<unknown>,
  ): Sender & { close(): Promise<void> } => ({
    send: async (topic, records) => {
      /** Sends them together; those that the topic refuses for their size come back. */
      const sendPart = async (part: readonly OutputRecord[]): Promise<readonly OutputRecord[]> => {
        try {
          await send({ topic: named(topic), acks: -1, messages: part.map(toMessage) });
          return [];
        } catch (error) {
          if (!errorTypes(error).includes('MESSAGE_TOO_LARGE')) throw error;
          if (part.length === 1) return part;
          // A topic may take less than a request of ours holds: it is not said which record is too large.
          const middle = Math.ceil(part.length / 2);
          return [...(await sendPart(part.slice(0, middle))), ...(await sendPart(part.slice(middle)))];
        }
      };
      const refused: OutputRecord[] = [];
      for (const part of chunksBySize(records)) refused.push(...(await sendPart(part)));
      if (refused.length > 0) throw new RecordsTooLarge(named(topic), refused);
    },
    close: () => producer.disconnect(),
  });

  return {
    consumer: (options) =>
      createGroupConsumer(() => createMember({ client, clientId, settings, logger }, options), logger),
    sender: async () => {
      const producer = client.producer({
        createPartitioner: Partitioners.DefaultPartitioner,
        allowAutoTopicCreation: false,
      });
      await producer.connect();
      return sending(producer, (request) => producer.send(request));
    },
    transactionalSender: async (id) => {
      const producer = client.producer({
        createPartitioner: Partitioners.DefaultPartitioner,
        allowAutoTopicCreation: false,
        transactionalId: `${settings.topicPrefix}${id}`,
        idempotent: true,
        maxInFlightRequests: 1,
        transactionTimeout: 30_000,
      });
      await producer.connect();
      return sending(producer, async (request) => {
        const transaction = await producer.transaction();
        try {
          await transaction.send(request);
          await transaction.commit();
        } catch (error) {
          await transaction.abort().catch(() => undefined);
          throw error;
        }
      });
    },
    bounds: async (topic) => {
      await connected;
      const offsets = await retryTransient(() => admin.fetchTopicOffsets(named(topic)));
      return offsets.map(({ partition, low, high }) => ({ partition, low: Number(low), high: Number(high) }));
    },
    offsetsAt: async (topic, timestamp) => {
      await connected;
      const offsets = await retryTransient(() => admin.fetchTopicOffsetsByTimestamp(named(topic), timestamp));
      return new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)]));
    },
    committed: async (group, topic) => {
      await connected;
      const [found] = await admin.fetchOffsets({
        groupId: `${settings.topicPrefix}${group}`,
        topics: [named(topic)],
      });
      const offsets = (found?.partitions ?? []).map(
        ({ partition, offset }) => [partition, Number(offset)] as const,
      );
      return new Map(offsets.filter(([, offset]) => offset >= 0));
    },
    prepareTopics: async () => {
      await connected;
      await ensureTopics(admin, settings);
    },
    close: () => admin.disconnect(),
  };
}

/** How long a call may meet passing faults: a topic that another part has just created has no leader at first. */
const TRANSIENT_MS = 20_000;

/** Repeats a call while Kafka answers with an error that it calls retriable; kafkajs' admin does so for a few only. */
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

function bytesOf(headers: OutputRecord['headers'] = {}): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(headers)) bytes += name.length + (value?.length ?? 0) + 10;
  return bytes;
}

function toMessage({ key, value, headers, partition, timestamp }: OutputRecord): Message {
  return {
    key,
    value,
    ...(headers ? { headers } : {}),
    ...(partition === undefined ? {} : { partition }),
    ...(timestamp === undefined ? {} : { timestamp: String(timestamp) }),
  };
}

const sizeOf = (text: Buffer | string | null): number => (text === null ? 0 : Buffer.byteLength(text));

type SendRequest = Parameters<Producer['send']>[0];

function* chunksBySize(records: readonly OutputRecord[]): Generator<OutputRecord[]> {
  let chunk: OutputRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = sizeOf(record.key) + sizeOf(record.value) + bytesOf(record.headers) + 100;
    if (chunk.length > 0 && bytes + size > MAX_REQUEST_BYTES) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(record);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}
