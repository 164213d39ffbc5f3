import { type StoreEvent, type TopicName, toRecord } from '@storepulse/contracts';
import type { Message } from 'kafkajs';
import type { Pipeline } from './pipeline.ts';

/** Sends to a pipeline's topics, until it stops. */
export interface TestSender {
  /** Events as a source of ours sends them, in order. */
  events(...events: readonly StoreEvent[]): Promise<void>;
  /** Any records. */
  records(topic: TopicName, ...messages: readonly Message[]): Promise<void>;
}

/** Connects a producer. */
export async function createSender({ kafka, prefix, onStop }: Pipeline): Promise<TestSender> {
  const producer = kafka.producer();
  onStop(() => producer.disconnect());
  await producer.connect();
  const records: TestSender['records'] = async (topic, ...messages) => {
    await producer.send({ topic: `${prefix}${topic}`, messages: [...messages] });
  };
  return {
    records,
    events: async (...events) => {
      for (const { topic, headers, ...message } of events.map((event) => toRecord(event, '/test')))
        await records(topic, { ...message, headers: { ...headers } });
    },
  };
}
