import type { TopicName } from '@storepulse/contracts';
import type { GroupConsumer, Kafka } from '../kafka/port.ts';
import type { Watchdog } from '../operate/watchdog.ts';
import type { Assignment } from './assignment.ts';
import { findDue } from './due.ts';
import { beat } from './heartbeats.ts';
import type { Task, TaskDependencies } from './task.ts';
import { createPositionTeller } from './tell-positions.ts';

const EVERY_MS = 2_000;

/** What the upkeep works with. */
export interface UpkeepDependencies
  extends Pick<TaskDependencies, 'database' | 'telemetry' | 'logger' | 'now'> {
  readonly kafka: Pick<Kafka, 'knownBounds'>;
  readonly consumer: Pick<GroupConsumer, 'commit'>;
  readonly topics: readonly TopicName[];
  readonly assignment: Assignment;
  /** Is told when Kafka has answered. */
  readonly watchdog: Pick<Watchdog, 'answered'>;
}

/**
 * Does every two seconds what the tasks need beside records: the ends of their partitions, heartbeats, settled visits,
 * erasures, and their positions told to Kafka.
 * @returns what ends it
 */
export function startUpkeep(dependencies: UpkeepDependencies): () => void {
  const { kafka, consumer, topics, assignment, watchdog, database, telemetry, logger, now } = dependencies;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  let isTending = false;
  const tellPositions = createPositionTeller(consumer);

  /** Tells the tasks the ends of those partitions that can be asked now: the others go on without. */
  const lookAtEnds = async () => {
    // By the processor's own clock: at least what had been written by then lies within the bounds.
    const askedAt = now();
    const { bounds, unavailable } = await kafka.knownBounds(topics);
    watchdog.answered('Kafka');
    const endsOf = new Map(
      [...bounds].map(([topic, ofTopic]) => [
        topic,
        new Map(ofTopic.map(({ partition, high }) => [partition, high])),
      ]),
    );
    for (const { task, topics: its, partition } of assignment.tasks()) {
      const ends = its.flatMap((topic) => {
        const end = endsOf.get(topic)?.get(partition);
        return end === undefined ? [] : [[topic, end] as const];
      });
      task()?.noteEnds(new Map(ends), askedAt);
    }
    telemetry.unavailable.set(
      unavailable.filter(({ topic, partition }) => assignment.at(topic, partition)).length,
    );
  };
  const tendTo = async (tasks: readonly Task[]) => {
    isTending = true;
    const due = await findDue(database, tasks).catch((error) => {
      logger.warn(
        { err: error },
        'MongoDB does not tell which tasks have something to tend to; trying again',
      );
      return new Set<string>();
    });
    // Beside each other: each waits for commits of its own.
    const tended = tasks.map(async (task) => {
      if (!due.has(task.id)) return;
      const failed = (what: string) => (error: unknown) =>
        logger.warn({ task: task.id, err: error }, `${what} failed; trying again`);
      await task.erase().catch(failed('clearing facts of erased customers'));
      await task.settle().catch(failed('settling visits'));
    });
    await Promise.all(tended);
    isTending = false;
  };
  const once = async () => {
    await lookAtEnds().catch((error) =>
      logger.debug({ err: error }, 'Kafka does not tell the ends of partitions'),
    );
    const claimed = assignment.tasks().flatMap(({ task, partition }) => {
      const its = task();
      return its ? [{ task: its, partition }] : [];
    });
    const tasks = claimed.map(({ task }) => task);
    await beat(database, tasks);
    // Not waited for: in a backlog it takes long, and what this is about must go on.
    if (!isTending) void tendTo(tasks);
    telemetry.noteTasks(tasks.map((task) => task.state()));
    await tellPositions(claimed);
  };
  const keepOn = () => {
    timer = setTimeout(async () => {
      await once().catch((error) => logger.debug({ err: error }, 'upkeep failed'));
      if (!isOver) keepOn();
    }, EVERY_MS);
  };
  keepOn();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
