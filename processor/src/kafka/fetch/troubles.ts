import type { TopicName } from '@storepulse/contracts';
import type { Logger } from 'pino';
import type { GroupConsumer } from '../port.ts';

/** What keeps partitions from being read. */
export interface Troubles {
  /** A partition could not be read; told once for each reason, however often it is tried. */
  note(topic: TopicName, partition: number, error: Error): void;
  /** It is read again. */
  over(topic: TopicName, partition: number): void;
  /** Forgets all without a word: whoever was told has been assigned anew. */
  clear(): void;
}

/** Begins without any. @param tell told as the port says */
export function createTroubles(
  tell: Parameters<GroupConsumer['start']>[0]['onTrouble'],
  logger: Pick<Logger, 'warn' | 'info'>,
): Troubles {
  const reasons = new Map<string, string>();
  return {
    note: (topic, partition, error) => {
      const key = `${topic}/${partition}`;
      if (reasons.get(key) === error.message) return;
      reasons.set(key, error.message);
      logger.warn({ topic, partition, err: error }, 'a partition can not be read; it is tried on');
      tell?.(topic, partition, error);
    },
    over: (topic, partition) => {
      if (!reasons.delete(`${topic}/${partition}`)) return;
      logger.info({ topic, partition }, 'a partition is read again');
      tell?.(topic, partition, undefined);
    },
    clear: () => reasons.clear(),
  };
}
