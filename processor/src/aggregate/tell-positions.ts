import type { TopicName } from '@storepulse/contracts';
import type { GroupConsumer } from '../kafka/port.ts';
import type { Task } from './task.ts';

/**
 * Tells Kafka the positions of claimed tasks that have moved since it was told last: it keeps what it was told, and most of
 * thousands of partitions stand still. A task that is claimed anew tells all of its own.
 */
export function createPositionTeller(consumer: Pick<GroupConsumer, 'commit'>) {
  const told = new WeakMap<object, ReadonlyMap<TopicName, number>>();
  return async (
    claimed: readonly { readonly task: Pick<Task, 'positions'>; readonly partition: number }[],
  ): Promise<void> => {
    const moved = claimed.flatMap(({ task, partition }) =>
      [...task.positions]
        .filter(([topic, offset]) => told.get(task)?.get(topic) !== offset)
        .map(([topic, offset]) => ({ topic, partition, offset })),
    );
    if (moved.length === 0) return;
    const positions = claimed.map(({ task }) => [task, new Map(task.positions)] as const);
    await consumer.commit(moved);
    for (const [task, its] of positions) told.set(task, its);
  };
}
