import { randomUUID } from 'node:crypto';
import type { TopicName } from '@storepulse/contracts';
import type { KafkaMessage } from 'kafkajs';
import type { Pipeline } from './pipeline.ts';

/** Hands over every committed record of a topic, from its beginning, until the pipeline stops. */
export async function followTopic(
  { kafka, prefix, onStop }: Pipeline,
  topic: TopicName,
  take: (message: KafkaMessage) => void,
): Promise<void> {
  const consumer = kafka.consumer({ groupId: `${prefix}tests-${randomUUID()}`, readUncommitted: false });
  onStop(() => consumer.disconnect());
  await consumer.connect();
  await consumer.subscribe({ topic: `${prefix}${topic}`, fromBeginning: true });
  await consumer.run({
    eachBatch: async ({ batch, heartbeat }) => {
      batch.messages.forEach(take);
      await heartbeat();
    },
  });
}
