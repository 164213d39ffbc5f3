import type { TopicName } from '@storepulse/contracts';
import { SESSION_IDLE_MS } from '@storepulse/contracts';
import type { Kafka } from '../kafka/port.ts';

/** By how much an event's time may be after its record's own. */
const CLOCK_AHEAD_MS = 5 * 60_000;

/**
 * The instant (epoch ms) from which the log surely holds everything that happened: of each partition that has lost
 * records, the time of the first one left, and after it what clocks may be ahead and a visit under way may have been
 * silent. 0 when nothing was lost.
 */
export async function completeSince(
  kafka: Pick<Kafka, 'bounds' | 'offsetsAt'>,
  topics: readonly TopicName[],
  now: number,
): Promise<number> {
  let since = 0;
  for (const topic of topics) {
    for (const { partition, low, high } of await kafka.bounds(topic)) {
      if (low === 0) continue;
      const first = low === high ? now : await timeOf(kafka, topic, partition, low, now);
      since = Math.max(since, first + CLOCK_AHEAD_MS + SESSION_IDLE_MS);
    }
  }
  return since;
}

/** The time of a partition's first record: the latest instant at or after which it is still the first, by bisection. */
async function timeOf(
  kafka: Pick<Kafka, 'offsetsAt'>,
  topic: TopicName,
  partition: number,
  first: number,
  now: number,
): Promise<number> {
  let before = 0;
  let after = now + 1;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    const offset = (await kafka.offsetsAt(topic, middle)).get(partition)!;
    if (offset <= first) before = middle;
    else after = middle;
  }
  return before;
}
