import { type CheckpointDocument, COLLECTIONS, FATES, type Fate, INPUT_TOPICS } from '@storepulse/contracts';
import type { Db } from 'mongodb';
import type { LedgerFates } from '../ledger/ledger.ts';
import type { TopicSource } from './read-topic.ts';

/** What became of the records, against what must have become of them. */
export interface FateComparison {
  readonly fate: Fate;
  readonly expected: number;
  readonly shown: number;
  readonly matches: boolean;
}

/** What became of all records that the processor has counted, by fate. */
export async function countedFates(db: Db): Promise<ReadonlyMap<Fate, number>> {
  const counted = new Map<Fate, number>();
  const checkpoints = db.collection<CheckpointDocument>(COLLECTIONS.checkpoints);
  for await (const { fates } of checkpoints.find({}, { projection: { fates: 1 } })) {
    for (const [fate, count] of Object.entries(fates ?? {}))
      counted.set(fate as Fate, (counted.get(fate as Fate) ?? 0) + count);
  }
  return counted;
}

/** Records that the input topics have ever held. */
export async function recordsOnTopics(source: TopicSource): Promise<number> {
  let records = 0;
  for (const topic of INPUT_TOPICS) for (const { high } of await source.bounds(topic)) records += high;
  return records;
}

/**
 * Compares fates. A record that Kafka has stored twice, since the first acknowledgement was lost, is a duplicate (or
 * the same dead letter twice) that the ledger does not know of: there may be as many of them as the topics hold more
 * records than the ledger has made.
 * @param ledger of all runs and shops
 * @param records that the input topics have ever held
 */
export function compareFates(
  ledger: readonly LedgerFates[],
  counted: ReadonlyMap<Fate, number>,
  records: number,
): FateComparison[] {
  const made = new Map<string, number>();
  for (const byTopic of ledger) {
    for (const fates of Object.values(byTopic)) {
      for (const [fate, count] of Object.entries(fates)) made.set(fate, (made.get(fate) ?? 0) + count);
    }
  }
  const twice = records - [...made.values()].reduce((sum, count) => sum + count, 0);
  return FATES.flatMap((fate): FateComparison[] => {
    const expected = made.get(fate) ?? 0;
    const shown = counted.get(fate) ?? 0;
    if (expected === 0 && shown === 0) return [];
    const most = fate === 'processed' ? expected : expected + Math.max(0, twice);
    return [{ fate, expected, shown, matches: shown >= expected && shown <= most }];
  });
}
