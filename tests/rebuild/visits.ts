import { randomUUID } from 'node:crypto';
import { type EventOf, type StoreEvent, toRecord } from '@storepulse/contracts';
import { anEvent, anOrder, SHOP } from '@storepulse/processor/testing/events';
import type { Pipeline } from '../support/pipeline/pipeline.ts';

const MINUTE = 60_000;

/** Deterministic choices, so that a failure can be looked at again. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Visits that begin within an hour and a half around `middle` and last for up to forty minutes: some end before it,
 * some after it, many go on across it. One in five only arrives; one in three orders. One event in seven is told
 * twice, and one order in four again under another event id, up to an hour later.
 */
export function makeVisits(count: number, middle: number): StoreEvent[] {
  const random = dice(7);
  const events: StoreEvent[] = [];
  for (let visit = 0; visit < count; visit++) {
    const begin = middle - 60 * MINUTE + Math.floor(random() * 90 * MINUTE);
    const who = {
      visitorId: `v${visit % Math.ceil(count / 2)}`,
      sessionId: `s${visit}`,
      customerId: null,
      country: ['France', 'Spain', 'Italy'][visit % 3]!,
      device: visit % 2 === 0 ? 'mobile' : 'desktop',
    } as const;
    const at = (minutes: number) => ({
      ...who,
      eventId: randomUUID(),
      eventTime: begin + Math.floor(minutes * MINUTE * random()),
    });
    events.push(anEvent('session_started', { ...at(0) }));
    if (visit % 5 === 0) continue;
    const steps = 1 + Math.floor(random() * 6);
    for (let step = 0; step < steps; step++) {
      events.push(anEvent('product_viewed', at(40)));
      if (random() < 0.5) events.push(anEvent('cart_item_added', at(40)));
    }
    if (visit % 3 !== 0) continue;
    const order = anOrder({ ...at(40), orderId: `o${visit}` });
    events.push(order);
    if (visit % 4 === 0)
      events.push({ ...order, eventId: randomUUID(), eventTime: order.eventTime + 60 * MINUTE });
  }
  const copies = events.filter((_, index) => index % 7 === 0);
  return [...events, ...copies].sort((a, b) => a.eventTime - b.eventTime);
}

/** The shop, sent before anything else. */
export const theShop: EventOf<'shop_upserted'> = SHOP;

/** Sends events in the order given. */
export async function send({ kafka, prefix }: Pipeline, events: readonly StoreEvent[]): Promise<void> {
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  try {
    for (let at = 0; at < events.length; at += 500) {
      const records = events.slice(at, at + 500).map((event) => toRecord(event, '/tests'));
      const topics = [...new Set(records.map(({ topic }) => topic))];
      await producer.sendBatch({
        topicMessages: topics.map((topic) => ({
          topic: `${prefix}${topic}`,
          messages: records
            .filter((record) => record.topic === topic)
            .map(({ key, value, headers }) => ({ key, value, headers })),
        })),
      });
    }
  } finally {
    await producer.disconnect();
  }
}
