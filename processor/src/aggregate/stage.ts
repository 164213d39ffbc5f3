import type { StoredLoss } from '@storepulse/contracts';
import type { Kafka } from '../kafka/port.ts';
import { createUnreadable } from '../operate/unreadable.ts';
import { createWatchdog } from '../operate/watchdog.ts';
import type { TaskGroup } from '../task-groups.ts';
import { createAlignment } from './alignment.ts';
import { createAssignedTask } from './assigned-task.ts';
import { createAssignment } from './assignment.ts';
import { createCommitter } from './commit-together.ts';
import type { TaskDependencies } from './task.ts';
import { startUpkeep } from './upkeep.ts';

/** Some hundred records: live traffic is read a few times a second, a backlog at once. */
const FETCH_BYTES = 64 * 1024;

/** The first stage: counts records into its tasks' partials. */
export interface AggregateStage {
  start(): Promise<void>;
  /** Reads no more, commits what was counted, and gives the tasks up. */
  stop(): Promise<void>;
  /**
   * Whether there was an assignment, its tasks, those claimed, their lag in records and milliseconds, those that have
   * not caught up, what is wrong, and what their logs have lost.
   */
  status(): {
    assigned: boolean;
    wanted: number;
    tasks: number;
    lag: number;
    lagMs: number;
    behind: readonly string[];
    complaints: readonly string[];
    losses: readonly TaskLoss[];
  };
}

/** What a log of a task has lost. */
export interface TaskLoss extends StoredLoss {
  readonly task: string;
}

/** Builds the stage. `onCrash` is called when the consumer has ended and does not come back. */
export function createAggregateStage(
  options: { kafka: Kafka; groups: readonly TaskGroup[]; group: string; onCrash: (error: Error) => void },
  dependencies: Omit<TaskDependencies, 'committer' | 'endOfEpoch'>,
): AggregateStage {
  const { kafka, groups, onCrash } = options;
  const { logger } = dependencies;
  const groupOf = new Map(
    groups.flatMap(({ name, topics }) => topics.map((topic) => [topic, name] as const)),
  );
  const topics = [...groupOf.keys()];
  const consumer = kafka.consumer({
    group: options.group,
    topics,
    minBytes: FETCH_BYTES,
    taskGroupOf: (topic) => groupOf.get(topic)!,
  });
  const committer = createCommitter(dependencies.database);
  const taskDependencies: TaskDependencies = {
    ...dependencies,
    ...{ committer, endOfEpoch: kafka.endOfEpoch, alignment: createAlignment(dependencies.now) },
  };
  const assignment = createAssignment({
    groups,
    logger,
    createTask: (place) => createAssignedTask(place, { kafka, consumer, taskDependencies, onFinal: onCrash }),
  });
  const unreadable = createUnreadable(dependencies.now);
  const watchdog = createWatchdog('counting', ['Kafka'], dependencies.now);
  const claimed = () => assignment.tasks().flatMap(({ task }) => task() ?? []);
  let endUpkeep = () => {};

  return {
    start: async () => {
      await consumer.start({
        onAssigned: (partitions) => {
          unreadable.clear();
          assignment.take(partitions);
        },
        onBatch: async (batch, control) => {
          await assignment.at(batch.topic, batch.partition)?.task()?.process(batch, control);
        },
        onPositionLost: (topic, partition) => {
          const assigned = assignment.at(topic, partition);
          // A claim looks what the log holds, and tells what is lost.
          if (assigned?.task())
            assigned.lose(new Error(`the log does not continue at the position in ${topic} any more`));
        },
        onTrouble: unreadable.note,
        onCrash,
      });
      endUpkeep = startUpkeep({ ...dependencies, kafka, consumer, topics, assignment, watchdog });
    },
    stop: async () => {
      endUpkeep();
      const tasks = claimed();
      consumer.pause(
        assignment
          .tasks()
          .flatMap(({ topics: its, partition }) => its.map((topic) => ({ topic, partitions: [partition] }))),
      );
      await assignment.giveUp();
      await Promise.all(
        tasks.map((task) =>
          task.drain().catch((error) => logger.warn({ err: error, task: task.id }, 'last commit failed')),
        ),
      );
      await consumer.stop();
      await Promise.all(tasks.map((task) => task.close()));
      await committer.close();
    },
    status: () => {
      const tasks = claimed();
      const states = tasks.map((task) => task.state());
      const refusals = assignment.tasks().flatMap(({ id, refusal }) => {
        const why = refusal();
        return why === undefined ? [] : [`${id} can't be claimed: ${why}`];
      });
      return {
        assigned: assignment.isKnown(),
        wanted: assignment.tasks().length,
        tasks: tasks.length,
        lag: states.reduce((sum, { lag }) => sum + lag, 0),
        lagMs: Math.max(0, ...states.map(({ lagMs }) => lagMs)),
        losses: tasks.flatMap(({ id, losses }) => losses.map((loss) => ({ task: id, ...loss }))),
        behind: tasks.filter((task) => task.isBehind()).map(({ id }) => id),
        complaints: [
          ...watchdog.complaints(),
          ...refusals,
          ...unreadable.complaints(),
          ...tasks.flatMap((task) => task.complaints()),
        ],
      };
    },
  };
}
