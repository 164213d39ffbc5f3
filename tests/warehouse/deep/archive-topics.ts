import { eventRegistry, INPUT_TOPICS, type Shop } from '@storepulse/contracts';
import { createDecoder } from '@storepulse/processor/decode/decoder';
import { Kafka, logLevel } from 'kafkajs';
import type { PlacedEvent } from '../lake-of-events.ts';

/**
 * Reads all topics of events to their ends, and gives what an archive holds of them: every record that can be counted,
 * copies included.
 * @param prefix of the topics
 */
export async function readTopics(
  brokers: string,
  prefix = '',
): Promise<{ shops: Map<string, Shop>; events: PlacedEvent[] }> {
  const kafka = new Kafka({ brokers: brokers.split(','), clientId: 'archive', logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const shops = new Map<string, Shop>();
  const decode = createDecoder(eventRegistry, (shop) => shops.get(shop));
  const events: PlacedEvent[] = [];
  try {
    // Shops come first in the list: without them nothing can be judged.
    for (const topic of INPUT_TOPICS) {
      const ends = new Map(
        (await admin.fetchTopicOffsets(prefix + topic)).map(({ partition, high }) => [
          partition,
          Number(high),
        ]),
      );
      await readTo(kafka, prefix + topic, ends, (partition, message) => {
        const record = {
          key: message.key,
          value: message.value,
          headers: message.headers ?? {},
          offset: message.offset,
          timestamp: Number(message.timestamp),
        };
        const decoded = decode(topic, record as unknown as Parameters<typeof decode>[1]);
        if (decoded.kind !== 'event') return;
        const { event } = decoded;
        if (event.type === 'shop_upserted' && !shops.has(event.shop)) shops.set(event.shop, event);
        const place = { topic, partition, offset: Number(message.offset) };
        events.push({ event, key: String(message.key), recordTime: record.timestamp, ...place });
      });
    }
  } finally {
    await admin.disconnect();
  }
  return { shops, events };
}

type Message = Parameters<
  NonNullable<NonNullable<Parameters<ReturnType<Kafka['consumer']>['run']>[0]>['eachMessage']>
>[0]['message'];

async function readTo(
  kafka: Kafka,
  topic: string,
  ends: Map<number, number>,
  take: (partition: number, message: Message) => void,
): Promise<void> {
  for (const [partition, end] of ends) if (end === 0) ends.delete(partition);
  if (ends.size === 0) return;
  const consumer = kafka.consumer({ groupId: `archive-${topic}-${process.pid}`, maxWaitTimeInMs: 200 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
  await consumer.run({
    eachBatch: async ({ batch, resolveOffset }) => {
      for (const message of batch.messages) {
        take(batch.partition, message);
        resolveOffset(message.offset);
      }
      if (Number(batch.lastOffset()) + 1 >= (ends.get(batch.partition) ?? 0)) ends.delete(batch.partition);
      if (ends.size === 0) resolve();
    },
    eachBatchAutoResolve: true,
  });
  await promise;
  await consumer.disconnect();
}
