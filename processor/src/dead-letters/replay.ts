import type { TopicName } from '@storepulse/contracts';
import type { Kafka, OutputRecord } from '../kafka/port.ts';
import { type DeadLetter, originalRecord } from './letter.ts';
import { type Range, readLetters } from './read.ts';
import {
  isSelected,
  type Replayability,
  type Replayable,
  replayability,
  type Selection,
} from './selection.ts';

/** What a replay did, or would do. */
export interface ReplaySummary {
  /** Records put back, by the topic that they went to. */
  readonly replayed: Readonly<Partial<Record<TopicName, number>>>;
  /** Letters that were meant and left out. */
  readonly leftOut: Readonly<Record<Exclude<Replayability, 'replayable'>, number>>;
}

/**
 * Puts selected letters back onto the topics and partitions that they come from, in their order. Nothing is
 * remembered: what is still bad becomes a new dead letter, and what is replayed twice is left to the recognition of
 * duplicates.
 * @param dryRun only count
 */
export async function replayLetters(
  kafka: Kafka,
  ranges: readonly Range[],
  selection: Selection,
  dryRun: boolean,
): Promise<ReplaySummary> {
  const replayed: Partial<Record<TopicName, number>> = {};
  const leftOut = { state: 0, foreign: 0, cut: 0 };
  const sender = dryRun ? undefined : await kafka.sender();
  const take = async (letters: readonly DeadLetter[]) => {
    const byTopic = new Map<TopicName, OutputRecord[]>();
    for (const letter of letters) {
      if (!isSelected(letter, selection)) continue;
      const ability = replayability(letter, selection);
      if (ability !== 'replayable') {
        leftOut[ability]++;
        continue;
      }
      const replayable = letter as Replayable;
      const { topic } = replayable.origin;
      byTopic.set(topic, [...(byTopic.get(topic) ?? []), originalRecord(replayable)]);
    }
    for (const [topic, records] of byTopic) {
      await sender?.send(topic, records);
      replayed[topic] = (replayed[topic] ?? 0) + records.length;
    }
  };
  try {
    await readLetters(kafka, ranges, take);
  } finally {
    await sender?.close();
  }
  return { replayed, leftOut };
}
