import type { TopicName } from '@storepulse/contracts';
import { PATIENCE_MS } from './watchdog.ts';

/** The partitions that can't be read at the moment, and why. */
export interface Unreadable {
  /** Notes why a partition can't be read; undefined: it is read again. */
  note(topic: TopicName, partition: number, error: Error | undefined): void;
  /** Why a partition can't be read; undefined when nothing is known of that. */
  why(topic: TopicName, partition: number): string | undefined;
  /** Forgets all: other partitions are read from now on. */
  clear(): void;
  /** One sentence for each that could not be read for longer than a change of leaders takes. */
  complaints(): string[];
}

/** Begins with none. */
export function createUnreadable(now: () => number): Unreadable {
  const reasons = new Map<string, { since: number; message: string }>();
  const keyOf = (topic: TopicName, partition: number) => `${topic}/${partition}`;
  return {
    note: (topic, partition, error) => {
      const key = keyOf(topic, partition);
      if (error === undefined) reasons.delete(key);
      else reasons.set(key, { since: reasons.get(key)?.since ?? now(), message: error.message });
    },
    why: (topic, partition) => reasons.get(keyOf(topic, partition))?.message,
    clear: () => reasons.clear(),
    complaints: () =>
      [...reasons]
        .filter(([, { since }]) => now() - since > PATIENCE_MS)
        .map(([partition, { message }]) => `${partition} can't be read: ${message}`),
  };
}
