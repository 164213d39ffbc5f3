import { setTimeout as sleep } from 'node:timers/promises';
import type { TopicName } from '@storepulse/contracts';
import type { GroupConsumer, LogMark, PartitionBounds } from './port.ts';

const RETRY_MS = 500;

/** A place in a log. */
interface Place {
  readonly offset: number;
  readonly mark: LogMark;
}

/**
 * Begins to read partitions of a topic at places that Kafka has to tell first; asks again while it does not.
 * @param places by partition
 * @param isWanted whether the partitions are still the consumer's; once it says no, nothing is begun
 * @param onBegun told of the places once reading goes on there
 */
export async function beginAt<P extends Place>(
  consumer: Pick<GroupConsumer, 'seek' | 'resume'>,
  topic: TopicName,
  places: () => Promise<ReadonlyMap<number, P>>,
  isWanted: () => boolean,
  onBegun: (places: ReadonlyMap<number, P>) => void = () => undefined,
): Promise<void> {
  while (isWanted()) {
    const found = await places().catch(() => undefined);
    if (!found) await sleep(RETRY_MS, undefined, { ref: false });
    else if (isWanted()) {
      for (const [partition, { offset, mark }] of found) consumer.seek(topic, partition, offset, mark);
      consumer.resume([{ topic, partitions: [...found.keys()] }]);
      onBegun(found);
      return;
    }
  }
}

/** Of each of the partitions, the first record that the log holds. */
export function beginnings(
  bounds: readonly PartitionBounds[],
  partitions: readonly number[],
): Map<number, Place> {
  const mine = bounds.filter(({ partition }) => partitions.includes(partition));
  return new Map(
    mine.map(({ partition, low, topicId }) => [
      partition,
      { offset: low, mark: { topicId, epoch: undefined } },
    ]),
  );
}
