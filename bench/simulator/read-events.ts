import { INPUT_TOPICS, type KafkaSettings, kafkaConnection, topicName } from '@storepulse/contracts';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { until } from '../../tests/support/until.ts';

/** When an event was due, and when its record is dated. */
export interface StoredTime {
  readonly eventTime: number;
  /** The record's timestamp: of its append where the topic says so. Epoch ms, like the other. */
  readonly recordTime: number;
}

/** Topics that hold nothing but what the simulator has told of its catalogue are left out. */
const TOPICS = INPUT_TOPICS.filter((topic) => topic !== 'shops');

/** Asks Kafka for something. */
export async function withAdmin<T>(settings: KafkaSettings, ask: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = client(settings).admin();
  await admin.connect();
  try {
    return await ask(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Reads the last records of every partition of the input topics, up to `perPartition` of each. */
export async function readEvents(
  settings: KafkaSettings,
  perPartition = Number.POSITIVE_INFINITY,
): Promise<StoredTime[]> {
  const names = TOPICS.map((topic) => topicName(topic, settings));
  const groupId = `${settings.topicPrefix}bench`;
  const ranges = await withAdmin(settings, async (admin) => {
    // On a new cluster it takes a moment, which the client's consumers do not wait out.
    await until(
      'the coordinator of groups serves',
      () => admin.fetchOffsets({ groupId }),
      () => true,
    );
    const offsets = await Promise.all(names.map((topic) => admin.fetchTopicOffsets(topic)));
    return names.flatMap((topic, index) =>
      offsets[index]!.map(({ partition, high }) => ({
        ...{ topic, partition, end: Number(high) },
        start: Math.max(0, Number(high) - perPartition),
      })),
    );
  });
  const left = new Map(
    ranges
      .filter(({ start, end }) => end > start)
      .map(({ topic, partition, end }) => [`${topic}-${partition}`, end]),
  );
  const times: StoredTime[] = [];
  if (left.size === 0) return times;
  const consumer = client(settings).consumer({
    groupId,
    maxWaitTimeInMs: 100,
  });
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: names, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      void consumer.run({
        autoCommit: false,
        eachBatch: async ({ batch }) => {
          const key = `${batch.topic}-${batch.partition}`;
          const end = left.get(key);
          if (end === undefined) return;
          for (const { value, timestamp, offset } of batch.messages) {
            if (Number(offset) >= end || value === null) continue;
            const { eventTime } = JSON.parse(value.toString()) as { eventTime: number };
            times.push({ eventTime, recordTime: Number(timestamp) });
          }
          if (Number(batch.lastOffset()) + 1 >= end) left.delete(key);
          if (left.size === 0) resolve();
        },
      });
      for (const { topic, partition, start } of ranges)
        consumer.seek({ topic, partition, offset: String(start) });
    });
  } finally {
    await consumer.disconnect();
  }
  return times;
}

function client(settings: KafkaSettings): Kafka {
  return new Kafka({ ...kafkaConnection(settings), clientId: 'bench', logLevel: logLevel.NOTHING });
}
