import { ensureTopics, type KafkaSettings, type Shop } from '@storepulse/contracts';
import type { OutgoingRecord } from '@storepulse/simulator/sink/event-sink';
import { createKafkaProducer } from '@storepulse/simulator/sink/kafka-producer';
import { createTopicClient } from '@storepulse/simulator/sink/topic-client';
import { createEvents, type EventOptions, shopName } from './events.ts';
import type { ItemSold } from './query.ts';

/** Events of one request: well below a megabyte, should all be of one partition. */
const BATCH = 2_000;

/** An event as it is sent. */
export function toItemRecord(event: ItemSold): OutgoingRecord {
  const key = `${event.shop}|${event.visitorId}`;
  return { topic: 'transactions', key, value: JSON.stringify(event), headers: {} };
}

/** Announces a shop of a bench; its windows are kept for ever, as its time may lie in the past. */
function shopRecord(name: string, eventTime: number): OutgoingRecord {
  const shop: Shop = {
    type: 'shop_upserted',
    eventId: `shop-event-${name}`,
    eventTime,
    shop: name,
    name: 'Bench',
    currency: 'EUR',
    scale: 2,
    timeZone: 'Europe/Berlin',
    weekStart: 'monday',
    retention: 'forever',
  };
  return { topic: 'shops', key: name, value: JSON.stringify(shop), headers: {} };
}

/** Makes the topics of a prefix and fills them with the shops and `count` seeded events. @returns bytes per event */
export async function preload(kafka: KafkaSettings, count: number, options: EventOptions): Promise<number> {
  const topics = createTopicClient(kafka, 'bench-preload');
  await ensureTopics(topics, kafka).finally(() => topics.close());
  const producer = createKafkaProducer(kafka, 'bench-preload');
  try {
    const shops = Array.from({ length: options.shops ?? 1 }, (_, n) => shopName(n));
    await producer.send(shops.map((shop) => shopRecord(shop, options.begin)));
    const event = createEvents('bench', options);
    let bytes = 0;
    for (let from = 0; from < count; from += BATCH) {
      const size = Math.min(BATCH, count - from);
      const records = Array.from({ length: size }, (_, n) => toItemRecord(event(from + n)));
      for (const { value } of records) bytes += value.length;
      await producer.send(records);
    }
    return bytes / count;
  } finally {
    await producer.close();
  }
}
