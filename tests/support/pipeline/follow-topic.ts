import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TopicName } from '@storepulse/contracts';
import type { Consumer, KafkaMessage } from 'kafkajs';
import type { Pipeline } from './pipeline.ts';

const AGAIN_AFTER_MS = 500;

/**
 * Hands over every committed record of a topic, from its beginning and once, until the pipeline stops. A consumer that
 * ends, since its broker went away, is followed by another: kafkajs' own restart does not always come back.
 */
export async function followTopic(
  { kafka, prefix, onStop }: Pipeline,
  topic: TopicName,
  take: (message: KafkaMessage, partition: number) => void,
): Promise<void> {
  const next = new Map<number, number>();
  let stopped = false;
  let current: Consumer | undefined;

  const read = async (): Promise<void> => {
    const consumer = kafka.consumer({
      groupId: `${prefix}tests-${randomUUID()}`,
      readUncommitted: false,
      retry: { retries: 10, initialRetryTime: 100, maxRetryTime: 1_000, restartOnFailure: async () => false },
    });
    current = consumer;
    consumer.on(consumer.events.CRASH, () => void readAgain());
    await consumer.connect();
    await consumer.subscribe({ topic: `${prefix}${topic}`, fromBeginning: true });
    await consumer.run({
      eachBatch: async ({ batch: { partition, messages }, heartbeat }) => {
        for (const message of messages) {
          const offset = Number(message.offset);
          if (offset < (next.get(partition) ?? 0)) continue;
          next.set(partition, offset + 1);
          take(message, partition);
        }
        await heartbeat();
      },
    });
  };
  const readAgain = async (): Promise<void> => {
    await current?.disconnect().catch(() => undefined);
    await sleep(AGAIN_AFTER_MS);
    if (!stopped) await read().catch(readAgain);
  };
  onStop(async () => {
    stopped = true;
    await current?.disconnect();
  });
  await read();
}
