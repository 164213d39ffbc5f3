import { hash64, INPUT_TOPICS } from '@storepulse/contracts';
import { SimulatorError } from '../errors.ts';
import type { OutgoingRecord } from '../sink/event-sink.ts';
import type { TopicSource } from './read-topic.ts';

/** The records that the input topics hold, each as often as it is there. */
export interface StoredRecords {
  /** Takes a record out; false when it is not there (any more). */
  take(record: Pick<OutgoingRecord, 'topic' | 'key' | 'value'>): boolean;
}

/**
 * Reads all input topics, keeping no more than a fingerprint of each record.
 * @throws {SimulatorError} `ledger-incomplete` when Kafka has already let go of records
 */
export async function readStoredRecords(source: TopicSource): Promise<StoredRecords> {
  const counts = new Map<bigint, number>();
  const scratch = new Uint32Array(2);
  const fingerprint = (topic: string, key: unknown, value: unknown): bigint => {
    hash64(`${topic}\n${key}\n${value}`, scratch);
    return (BigInt(scratch[0]!) << 32n) | BigInt(scratch[1]!);
  };
  for (const topic of INPUT_TOPICS) {
    const ever = (await source.bounds(topic)).reduce((sum, { high }) => sum + high, 0);
    let read = 0;
    await source.read(topic, ({ key, value }) => {
      read += 1;
      const print = fingerprint(topic, key, value);
      counts.set(print, (counts.get(print) ?? 0) + 1);
    });
    if (read < ever) {
      throw new SimulatorError(
        'ledger-incomplete',
        `A run was ended by force, before all of its ledger was written, and Kafka has let go of ${ever - read} records of the topic ${topic} since: what the numbers must be is not known.`,
      );
    }
  }
  return {
    take: ({ topic, key, value }) => {
      const print = fingerprint(topic, key, value);
      const left = counts.get(print) ?? 0;
      if (left > 1) counts.set(print, left - 1);
      else counts.delete(print);
      return left > 0;
    },
  };
}
