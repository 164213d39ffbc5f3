import {
  type KafkaSettings,
  kafkaConnection,
  type MetricRecord,
  parseWindowId,
  topicName,
} from '@storepulse/contracts';
import { Kafka, logLevel } from 'kafkajs';
import { MongoClient } from 'mongodb';
import type { Latencies } from './latencies.ts';

/** Of the windows that say how far each lane can be seen. */
const LANES = '|lanes|narrow|10s|';

/** Watches the cells of the lanes in MongoDB. @returns how to stop */
export async function observeMongo(
  uri: string,
  database: string,
  latencies: Latencies,
): Promise<() => Promise<void>> {
  const client = await new MongoClient(uri).connect();
  const changes = client
    .db(database)
    .collection('metrics')
    .watch([
      { $match: { operationType: { $in: ['insert', 'replace'] }, 'fullDocument.group': 'lanes' } },
      { $match: { 'fullDocument.resolution': '10s' } },
      { $project: { 'fullDocument.start': 1, 'fullDocument.cells.lane': 1 } },
    ]);
  changes.on('change', (change) => {
    const { start, cells } = (change as unknown as { fullDocument: { start: Date; cells: { lane: Lanes } } })
      .fullDocument;
    for (const [lane, { last_index }] of Object.entries(cells.lane))
      latencies.note(start.getTime(), lane, last_index);
  });
  return async () => {
    await changes.close();
    await client.close();
  };
}

type Lanes = Readonly<Record<string, { last_index: number }>>;

/** Reads the same cells from the topic `metrics`, committed transactions only. @returns how to stop */
export async function observeTopic(kafka: KafkaSettings, latencies: Latencies): Promise<() => Promise<void>> {
  const client = new Kafka({ ...kafkaConnection(kafka), logLevel: logLevel.NOTHING });
  const consumer = client.consumer({
    groupId: `${kafka.topicPrefix}bench-latency-${Date.now()}`,
    readUncommitted: false,
    maxWaitTimeInMs: 100,
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [topicName('metrics', kafka)], fromBeginning: true });
  const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
  await consumer.run({
    autoCommit: false,
    partitionsConsumedConcurrently: 4,
    eachBatch: async ({ batch }) => {
      for (const { key, value } of batch.messages) {
        if (!key?.includes(LANES) || !value) continue;
        const { start } = parseWindowId(key.toString());
        const { cells } = JSON.parse(value.toString()) as MetricRecord;
        for (const [lane, { last_index }] of Object.entries(cells.lane as unknown as Lanes))
          latencies.note(start, lane, last_index);
      }
    },
  });
  await joined;
  return () => consumer.disconnect();
}
