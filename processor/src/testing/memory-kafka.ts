import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TopicName } from '@storepulse/contracts';
import type { GroupConsumer, InputRecord, Kafka, OutputRecord } from '../kafka/port.ts';

/** A record with what a log adds to it. */
export type LogRecord = Omit<InputRecord, 'offset'>;

/** What was sent, in order. */
export type Sent = OutputRecord & { readonly topic: TopicName };

/**
 * One topic as a log in memory, and a note of what is sent anywhere: enough of Kafka for programs that read to an end.
 * @param partitions the log's records; a record's place is its offset
 */
export function memoryKafka(partitions: readonly (readonly LogRecord[])[]) {
  const sent: Sent[] = [];
  const logs = partitions.map((records) => records.map((record, offset) => ({ ...record, offset })));
  const bounds = logs.map(({ length }, partition) => ({ partition, low: 0, high: length }));
  const unused = () => {
    throw new Error('not part of the log in memory');
  };
  const kafka: Kafka = {
    consumer: ({ topics }) => {
      const [topic] = topics as [TopicName];
      const positions = new Map<number, number>();
      let resumed: readonly number[] = [];
      return {
        start: async ({ onAssigned, onBatch }) => {
          onAssigned([{ topic, partitions: logs.map((_, partition) => partition) }]);
          // Who is assigned partitions may ask for bounds before it resumes them.
          await nextTurn();
          for (const partition of resumed) {
            const records = logs[partition]!.slice(positions.get(partition));
            if (records.length === 0) continue;
            const end = logs[partition]!.length;
            await onBatch(
              { topic, partition, records, next: end, end },
              { resolve: () => undefined, isCurrent: () => true },
            );
          }
        },
        pause: unused,
        resume: (assignment) => {
          resumed = assignment.flatMap((each) => each.partitions);
        },
        seek: (_topic, partition, offset) => {
          positions.set(partition, offset);
        },
        commit: async () => unused(),
        stop: async () => undefined,
      };
    },
    reader: unused,
    sender: async () => ({
      send: async (topic, records) => {
        sent.push(...records.map((record) => ({ topic, ...record })));
      },
      close: async () => undefined,
    }),
    transactionalSender: async () => unused(),
    partitionCounts: async (topics) => new Map(topics.map((topic) => [topic, logs.length])),
    bounds: async () => bounds,
    knownBounds: async (topics) => ({
      bounds: new Map(topics.map((topic) => [topic, bounds])),
      unavailable: [],
    }),
    endOfEpoch: async (_topic, partition, epoch) => ({ epoch, end: logs[partition]!.length }),
    offsetsAt: async () => unused(),
    committed: async () => new Map(),
    prepareTopics: async () => undefined,
    close: async () => undefined,
  };
  return { kafka, sent };
}

/** A member that is assigned partition 0 of each of its topics, and has nothing to read. */
export const idleMember: Kafka['consumer'] = ({ topics }): GroupConsumer => ({
  start: async ({ onAssigned }) => onAssigned(topics.map((topic) => ({ topic, partitions: [0] }))),
  pause: () => undefined,
  resume: () => undefined,
  seek: () => undefined,
  commit: async () => undefined,
  stop: async () => undefined,
});
