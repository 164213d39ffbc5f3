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
 * Begins to read partitions of a topic at places that Kafka has to tell first. One of which it does not tell now is asked
 * for again, and keeps no other waiting.
 * @param places those that can be told of the partitions asked for
 * @param isWanted whether the partitions are still the consumer's; once it says no, nothing is begun
 * @param onBegun told of places once reading goes on there
 */
export async function beginAt<P extends Place>(
  consumer: Pick<GroupConsumer, 'seek' | 'resume'>,
  topic: TopicName,
  partitions: readonly number[],
  places: (partitions: readonly number[]) => Promise<ReadonlyMap<number, P>>,
  isWanted: () => boolean,
  onBegun: (places: ReadonlyMap<number, P>) => void = () => undefined,
): Promise<void> {
  let left = partitions;
  while (left.length > 0 && isWanted()) {
    const found = await places(left).catch(() => new Map<number, P>());
    if (!isWanted()) return;
    for (const [partition, { offset, mark }] of found) consumer.seek(topic, partition, offset, mark);
    consumer.resume([{ topic, partitions: [...found.keys()] }]);
    onBegun(found);
    left = left.filter((partition) => !found.has(partition));
    if (left.length > 0) await sleep(RETRY_MS, undefined, { ref: false });
  }
}

/** Of each of the partitions that are told of, the first record that the log holds. */
export function beginnings(
  bounds: readonly PartitionBounds[],
  partitions: readonly number[],
): Map<number, Place> {
  const wanted = new Set(partitions);
  const mine = bounds.filter(({ partition }) => wanted.has(partition));
  return new Map(
    mine.map(({ partition, low, topicId }) => [
      partition,
      { offset: low, mark: { topicId, epoch: undefined } },
    ]),
  );
}
