import { setTimeout as sleep } from 'node:timers/promises';
import type { TopicName } from '@storepulse/contracts';
import type { GroupConsumer, PartitionBounds } from './port.ts';

const RETRY_MS = 500;

/**
 * Begins to read partitions of a topic at offsets that Kafka has to tell first; asks again while it does not.
 * @param offsets by partition
 * @param isWanted whether the partitions are still the consumer's; once it says no, nothing is begun
 */
export async function beginAt(
  consumer: Pick<GroupConsumer, 'seek' | 'resume'>,
  topic: TopicName,
  offsets: () => Promise<ReadonlyMap<number, number>>,
  isWanted: () => boolean,
): Promise<void> {
  while (isWanted()) {
    const found = await offsets().catch(() => undefined);
    if (!found) await sleep(RETRY_MS, undefined, { ref: false });
    else if (isWanted()) {
      for (const [partition, offset] of found) consumer.seek(topic, partition, offset);
      consumer.resume([{ topic, partitions: [...found.keys()] }]);
      return;
    }
  }
}

/** Where each of the partitions goes on: at a position that is known, but not before what the log still holds. */
export function positionsWithin(
  bounds: readonly PartitionBounds[],
  partitions: readonly number[],
  known: ReadonlyMap<number, number>,
): Map<number, number> {
  const mine = bounds.filter(({ partition }) => partitions.includes(partition));
  return new Map(mine.map(({ partition, low }) => [partition, Math.max(low, known.get(partition) ?? low)]));
}
