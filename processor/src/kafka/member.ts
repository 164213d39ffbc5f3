import { type KafkaSettings, type TopicName, topicName } from '@storepulse/contracts';
import type { EachBatchPayload, Kafka as KafkaJs, KafkaMessage } from 'kafkajs';
import { coPartitionedAssigner } from './assigner.ts';
import { batchFailure } from './batch-failure.ts';
import type { Batch, GroupConsumer, InputRecord, TopicPartitions } from './port.ts';

/** Larger fetches than the default of 1 MB: fewer rounds, since kafkajs does not fetch ahead. */
const MAX_BYTES_PER_PARTITION = 4 * 1024 * 1024;

/** How fast a dead member is noticed; recovery time hangs on these. */
const GROUP_TIMES = { sessionTimeout: 6_000, heartbeatInterval: 1_500, rebalanceTimeout: 10_000 };

/** Which group to join, and what is read together there. */
export interface MemberOptions {
  readonly group: string;
  readonly topics: readonly TopicName[];
  readonly taskGroupOf: (topic: TopicName) => string;
}

/**
 * One member of a group over kafkajs 2.2.4, with its traps closed: partitions of one task stay together, nothing is
 * read before it was claimed, and positions are the user’s (kafkajs commits none and resolves none by itself). It ends
 * with its first failure that trying again does not mend: kafkajs’ own restart may leave two members in one.
 */
export function createMember(
  client: KafkaJs,
  settings: KafkaSettings,
  options: MemberOptions,
): GroupConsumer {
  const named = (topic: TopicName) => topicName(topic, settings);
  const ours = new Map(options.topics.map((topic) => [named(topic), topic]));
  const consumer = client.consumer({
    groupId: `${settings.topicPrefix}${options.group}`,
    ...GROUP_TIMES,
    maxBytesPerPartition: MAX_BYTES_PER_PARTITION,
    maxBytes: 4 * MAX_BYTES_PER_PARTITION,
    // With all partitions paused kafkajs sleeps this long; it bounds how soon a claimed task begins to read.
    maxWaitTimeInMs: 100,
    allowAutoTopicCreation: false,
    readUncommitted: false,
    partitionAssigners: [coPartitionedAssigner((topic) => options.taskGroupOf(ours.get(topic)!))],
    retry: {
      retries: 10,
      initialRetryTime: 100,
      maxRetryTime: 2_000,
      restartOnFailure: async () => false,
    },
  });
  const theirs = (partitions: readonly TopicPartitions[]) =>
    partitions.map((part) => ({ topic: named(part.topic), partitions: [...part.partitions] }));

  return {
    start: async ({ onAssigned, onBatch, onCrash }) => {
      consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
        const assignment = Object.entries(payload.memberAssignment).map(([topic, partitions]) => ({
          topic: ours.get(topic)!,
          partitions,
        }));
        // Synchronously, before the first fetch: nothing may be read before its task is claimed.
        consumer.pause(theirs(assignment));
        onAssigned(assignment);
      });
      consumer.on(consumer.events.CRASH, ({ payload }) => onCrash(payload.error));
      await consumer.connect();
      await consumer.subscribe({ topics: [...ours.keys()], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: 4,
        eachBatch: async (payload) => {
          const { heartbeat, resolveOffset } = payload;
          // A wait for a slow store must not cost the membership, and with it all memory. What the broker answers
          // here, such as that a rebalance has begun, it answers again to the handler's own heartbeat.
          const beating = setInterval(
            () => heartbeat().catch(() => undefined),
            GROUP_TIMES.heartbeatInterval,
          );
          try {
            await onBatch(toBatch(payload, ours), {
              resolve: (offset) => resolveOffset(String(offset)),
              heartbeat,
            });
          } catch (error) {
            throw batchFailure(error);
          } finally {
            clearInterval(beating);
          }
        },
      });
    },
    pause: (partitions) => consumer.pause(theirs(partitions)),
    resume: (partitions) => consumer.resume(theirs(partitions)),
    seek: (topic, partition, offset) =>
      consumer.seek({ topic: named(topic), partition, offset: String(offset) }),
    commit: async (positions) => {
      if (positions.length === 0) return;
      await consumer.commitOffsets(
        positions.map(({ topic, partition, offset }) => ({
          topic: named(topic),
          partition,
          offset: String(offset),
        })),
      );
    },
    stop: () => consumer.disconnect(),
  };
}

function toBatch({ batch }: EachBatchPayload, ours: ReadonlyMap<string, TopicName>): Batch {
  return {
    topic: ours.get(batch.topic)!,
    partition: batch.partition,
    fetchedOffset: Number((batch as unknown as { fetchedOffset: string }).fetchedOffset),
    highWatermark: Number(batch.highWatermark),
    records: {
      length: batch.messages.length,
      slice: (from, to) => batch.messages.slice(from, to).map(toRecord),
    },
  };
}

function toRecord({ key, value, headers = {}, offset, timestamp }: KafkaMessage): InputRecord {
  return { key, value, headers, offset: Number(offset), timestamp: Number(timestamp) };
}
