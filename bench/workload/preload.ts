import {
  ensureTopics,
  type KafkaSettings,
  kafkaConnection,
  type Shop,
  topicName,
} from '@storepulse/contracts';
import { Kafka, logLevel, type Message } from 'kafkajs';
import { createEvents, type EventOptions, partitionOf, shopName } from './events.ts';

const BATCH = 10_000;

/** Announces the shops of a bench, whose windows are kept for ever, as their time lies in the past. */
export function shopRecords(shops: number, eventTime: number): Message[] {
  return Array.from({ length: shops }, (_, n): Message => {
    const shop: Shop = {
      type: 'shop_upserted',
      eventId: `shop-event-${n}`,
      eventTime,
      shop: shopName(n),
      name: 'Bench',
      currency: 'EUR',
      scale: 2,
      timeZone: 'Europe/Berlin',
      weekStart: 'monday',
      retention: 'forever',
    };
    return { key: shop.shop, value: JSON.stringify(shop) };
  });
}

/** Fills the topics of a prefix with the shops and `count` seeded events. @returns bytes per event */
export async function preload(kafka: KafkaSettings, count: number, options: EventOptions): Promise<number> {
  const client = new Kafka({ ...kafkaConnection(kafka), logLevel: logLevel.NOTHING });
  const admin = client.admin();
  const producer = client.producer({ allowAutoTopicCreation: false });
  await Promise.all([admin.connect(), producer.connect()]);
  try {
    await ensureTopics(admin, kafka);
    await producer.send({
      topic: topicName('shops', kafka),
      messages: shopRecords(options.shops ?? 1, options.begin),
    });
    const event = createEvents('bench', options);
    let bytes = 0;
    for (let from = 0; from < count; from += BATCH) {
      const messages: Message[] = [];
      for (let n = from; n < Math.min(count, from + BATCH); n++) {
        const made = event(n);
        const value = JSON.stringify(made);
        bytes += value.length;
        messages.push({ key: `${made.shop}|${made.visitorId}`, value, partition: partitionOf(made) });
      }
      // Acknowledged by the leader: the log is what is measured on, not what must not be lost.
      await producer.send({ topic: topicName('transactions', kafka), messages, acks: 1 });
    }
    return bytes / count;
  } finally {
    await Promise.all([admin.disconnect(), producer.disconnect()]);
  }
}
