import { createHash } from 'node:crypto';
import { INPUT_TOPICS } from '@storepulse/contracts';
import { Kafka, logLevel } from 'kafkajs';

/** A record as it lies in Kafka. */
export interface StoredRecord {
  /** Without the prefix. */
  readonly topic: string;
  readonly key: string;
  readonly value: string;
  readonly headers: string;
  /** The record's own timestamp, epoch ms. */
  readonly timestamp: number;
}

/** Reads all input topics under a prefix to their ends. */
export async function readTopics(brokers: string, prefix: string): Promise<StoredRecord[]> {
  const kafka = new Kafka({ brokers: [brokers], clientId: 'topic-reader', logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  let missing = 0;
  const topics = INPUT_TOPICS.map((topic) => `${prefix}${topic}`);
  for (const topic of topics) {
    for (const { high } of await admin.fetchTopicOffsets(topic)) missing += Number(high);
  }
  await admin.disconnect();
  const records: StoredRecord[] = [];
  const consumer = kafka.consumer({ groupId: `${prefix}reader`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics, fromBeginning: true });
  await new Promise<void>((resolve) => {
    if (missing === 0) resolve();
    void consumer.run({
      eachBatch: async ({ batch }) => {
        for (const { key, value, headers, timestamp } of batch.messages) {
          const plain = Object.entries(headers ?? {}).map(([name, text]) => `${name}=${text}`);
          records.push({
            topic: batch.topic.slice(prefix.length),
            key: String(key),
            value: String(value),
            headers: plain.sort().join('&'),
            timestamp: Number(timestamp),
          });
        }
        if (records.length >= missing) resolve();
      },
    });
  });
  await consumer.disconnect();
  return records;
}

/** A fingerprint of records, whatever their order and partitions: SHA-256 over what they say, timestamps left out. */
export function digestOf(records: readonly StoredRecord[]): string {
  const lines = records.map(({ topic, key, headers, value }) => JSON.stringify([topic, key, headers, value]));
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex');
}
