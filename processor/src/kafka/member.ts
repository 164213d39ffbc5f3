import { type TopicName, topicName } from '@storepulse/contracts';
import type { Kafka as KafkaJs } from 'kafkajs';
import { coPartitionedAssigner } from './assigner.ts';
import type { Fetcher } from './fetch/fetcher.ts';
import type { ConsumerOptions, GroupConsumer, TopicPartitions } from './port.ts';
import { openFetcher, type ReadingDependencies } from './reader.ts';

/** How fast a dead member is noticed; recovery time hangs on these. */
const GROUP_TIMES = { sessionTimeout: 6_000, heartbeatInterval: 1_500, rebalanceTimeout: 10_000 };
/** How often the member looks whether a heartbeat is due. */
const TICK_MS = 500;

/** What a member is built from. */
export interface MemberDependencies extends ReadingDependencies {
  readonly client: KafkaJs;
}

/**
 * One member of a group. Its membership is kafkajs' (2.2.4): joining, heartbeats, the assignment, positions told to
 * Kafka. For kafkajs all partitions are paused for ever, since records are fetched by ours, so that a membership does
 * not hang on batches that take long, and no partition waits for another. It ends with its first failure that trying
 * again does not mend: kafkajs’ own restart may leave two members in one.
 */
export function createMember(
  { client, ...dependencies }: MemberDependencies,
  options: ConsumerOptions,
): GroupConsumer {
  const { settings } = dependencies;
  const named = (topic: TopicName) => topicName(topic, settings);
  const ours = new Map(options.topics.map((topic) => [named(topic), topic]));
  const consumer = client.consumer({
    groupId: `${settings.topicPrefix}${options.group}`,
    ...GROUP_TIMES,
    // With all partitions paused kafkajs sleeps this long between looks.
    maxWaitTimeInMs: TICK_MS,
    allowAutoTopicCreation: false,
    partitionAssigners: [coPartitionedAssigner((topic) => options.taskGroupOf(ours.get(topic)!))],
    retry: {
      retries: 10,
      initialRetryTime: 100,
      maxRetryTime: 2_000,
      restartOnFailure: async () => false,
    },
  });
  const assigned = (assignment: Readonly<Record<string, number[]>>): TopicPartitions[] =>
    Object.entries(assignment).map(([topic, partitions]) => ({ topic: ours.get(topic)!, partitions }));

  let fetcher: Fetcher | undefined;
  return {
    start: async ({ onAssigned, onCrash, ...handlers }) => {
      const end = (error: Error) => {
        void fetcher?.close();
        onCrash(error);
      };
      const reading = openFetcher(dependencies, options, handlers, end);
      fetcher = reading;
      consumer.on(consumer.events.GROUP_JOIN, ({ payload: { memberAssignment } }) => {
        // Synchronously, before kafkajs fetches anything.
        consumer.pause(
          Object.entries(memberAssignment).map(([topic, partitions]) => ({ topic, partitions })),
        );
        const partitions = assigned(memberAssignment);
        reading.assign(partitions);
        onAssigned(partitions);
      });
      consumer.on(consumer.events.CRASH, ({ payload }) => end(payload.error));
      await consumer.connect();
      await consumer.subscribe({ topics: [...ours.keys()], fromBeginning: true });
      await consumer.run({ autoCommit: false, eachBatch: async () => undefined });
    },
    pause: (partitions) => fetcher?.pause(partitions),
    resume: (partitions) => fetcher?.resume(partitions),
    seek: (topic, partition, offset, mark) => fetcher?.seek(topic, partition, offset, mark),
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
    stop: async () => {
      await fetcher?.close();
      await consumer.disconnect();
    },
  };
}
