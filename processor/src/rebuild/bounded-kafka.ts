import type { TopicName } from '@storepulse/contracts';
import type { Kafka, PartitionBounds } from '../kafka/port.ts';

/** The offset at which reading of each partition ends, by `topic/partition`; one that is not named is not read. */
export type Ends = ReadonlyMap<string, number>;

/** The key of a partition in `Ends`. */
export const endKey = (topic: TopicName, partition: number) => `${topic}/${partition}`;

/** The log up to given offsets: as if nothing had been written behind them. */
export function boundedKafka(kafka: Kafka, ends: Ends): Kafka {
  const endOf = (topic: TopicName, partition: number) => ends.get(endKey(topic, partition)) ?? 0;
  const within = (topic: TopicName, bounds: readonly PartitionBounds[]): PartitionBounds[] =>
    bounds.map((each) => ({
      ...each,
      high: Math.max(each.low, Math.min(each.high, endOf(topic, each.partition))),
    }));
  return {
    ...kafka,
    bounds: async (topic) => within(topic, await kafka.bounds(topic)),
    knownBounds: async (topics) => {
      const known = await kafka.knownBounds(topics);
      const bounds = [...known.bounds].map(([topic, found]) => [topic, within(topic, found)] as const);
      return { ...known, bounds: new Map(bounds) };
    },
    consumer: (options) => {
      const consumer = kafka.consumer(options);
      return {
        ...consumer,
        start: (handlers) =>
          consumer.start({
            ...handlers,
            onBatch: async (batch, control) => {
              const { topic, partition } = batch;
              const end = endOf(topic, partition);
              const records = batch.records.filter(({ offset }) => offset < end);
              let position = records[0]?.offset ?? batch.next;
              const bounded = { records, next: Math.min(batch.next, end), end: Math.min(batch.end, end) };
              const resolve = (offset: number) => {
                position = Math.max(position, offset + 1);
                control.resolve(offset);
              };
              // Also without records: what lies before the end may be nothing but the end of a transaction.
              await handlers.onBatch({ ...batch, ...bounded }, { ...control, resolve });
              // Of no use any more; a claim that comes later resumes it, and it ends here again.
              if (position >= end) consumer.pause([{ topic, partitions: [partition] }]);
            },
          }),
      };
    },
  };
}
