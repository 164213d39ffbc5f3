import { partitionOfBytes, type TopicName } from '@storepulse/contracts';
import type { Logger } from 'pino';
import { ProcessorError } from '../errors.ts';
import type { InputRecord } from '../kafka/port.ts';

/** Records on another partition than that of their key, by topic. */
export type Misplaced = ReadonlyMap<TopicName, number>;

/** Looks whether records lie on the partition that Kafka's own clients choose for their key. */
export interface Placement {
  /** Looks at a record whose key is the one of its event. */
  note(topic: TopicName, partition: number, record: InputRecord): void;
  /** What was found since the last call. */
  take(): Misplaced;
}

/** Without a visitor, a customer or a product to keep together, a key places nothing. */
const UNPLACED: ReadonlySet<TopicName> = new Set(['system-logs']);

/**
 * Builds the look-out of one task. The first record found on each topic is told of in the log.
 * @param partitions how many the input topics have
 */
export function createPlacement(task: string, partitions: number, logger: Pick<Logger, 'error'>): Placement {
  const told = new Set<TopicName>();
  let misplaced = new Map<TopicName, number>();
  return {
    note: (topic, partition, { key, offset }) => {
      if (key === null || UNPLACED.has(topic)) return;
      const expected = partitionOfBytes(key, partitions);
      if (expected === partition) return;
      misplaced.set(topic, (misplaced.get(topic) ?? 0) + 1);
      if (told.has(topic)) return;
      told.add(topic);
      const error = new ProcessorError(
        'FOREIGN_PARTITIONER',
        `${topic} ${partition}:${offset} belongs on partition ${expected} by its key: its producer does not choose partitions by murmur2 of the key. Set its partitioner as docs/how-to/produce-events.md says.`,
      );
      logger.error(
        { task, topic, partition, offset, expected, err: error },
        'a record lies on a foreign partition',
      );
    },
    take: () => {
      const taken = misplaced;
      misplaced = new Map();
      return taken;
    },
  };
}
