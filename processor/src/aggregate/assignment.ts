import type { TopicName } from '@storepulse/contracts';
import type { Logger } from 'pino';
import type { TopicPartitions } from '../kafka/port.ts';
import { type TaskGroup, taskId } from '../task-groups.ts';
import type { AssignedTask, TaskPlace } from './assigned-task.ts';

/** The tasks that the group has assigned to this process. */
export interface Assignment {
  /** Whether the group has assigned anything yet, be it nothing. */
  isKnown(): boolean;
  /** Those of the present assignment. */
  tasks(): readonly AssignedTask[];
  /** The one that a partition belongs to. */
  at(topic: TopicName, partition: number): AssignedTask | undefined;
  /** Takes another assignment: the former tasks are given up and closed before those of this one are claimed. */
  take(partitions: readonly TopicPartitions[]): void;
  /** Claims nothing any more; returns when no claim is under way. */
  giveUp(): Promise<void>;
}

/**
 * Builds it, with nothing assigned.
 * @param options.groups whose topics' partitions make up a task
 * @param options.createTask makes a task that is not claimed yet
 */
export function createAssignment(options: {
  readonly groups: readonly TaskGroup[];
  readonly createTask: (place: TaskPlace) => AssignedTask;
  readonly logger: Logger;
}): Assignment {
  const groupOf = new Map(
    options.groups.flatMap((group) => group.topics.map((topic) => [topic, group] as const)),
  );
  const idOf = (topic: TopicName, partition: number) => taskId(groupOf.get(topic)!, partition);
  let tasks: ReadonlyMap<string, AssignedTask> = new Map();
  let isKnown = false;
  let isOver = false;
  let transition: Promise<void> = Promise.resolve();

  const placesOf = (assigned: readonly TopicPartitions[]): TaskPlace[] => {
    const places = new Map<string, TaskPlace>();
    for (const { topic, partitions } of assigned) {
      for (const partition of partitions) {
        const id = idOf(topic, partition);
        places.set(id, { id, partition, topics: [...(places.get(id)?.topics ?? []), topic] });
      }
    }
    return [...places.values()];
  };

  return {
    isKnown: () => isKnown,
    tasks: () => [...tasks.values()],
    at: (topic, partition) => tasks.get(idOf(topic, partition)),
    take: (partitions) => {
      const former = [...tasks.values()];
      for (const task of former) task.giveUp();
      const next = placesOf(partitions).map(options.createTask);
      tasks = new Map(next.map((task) => [task.id, task]));
      isKnown = true;
      options.logger.info({ tasks: [...tasks.keys()] }, 'assigned');
      transition = transition.then(async () => {
        // Two claims of one task by this process must not overtake each other.
        await Promise.all(former.map((task) => task.settled()));
        await Promise.all(former.map((task) => task.task()?.close()));
        if (!isOver) for (const task of next) task.open();
      });
    },
    giveUp: async () => {
      isOver = true;
      for (const task of tasks.values()) task.giveUp();
      await transition;
      await Promise.all([...tasks.values()].map((task) => task.settled()));
    },
  };
}
