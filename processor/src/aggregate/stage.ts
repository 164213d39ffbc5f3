import { setTimeout as sleep } from 'node:timers/promises';
import type { StoredLoss, TopicName } from '@storepulse/contracts';
import { ProcessorError } from '../errors.ts';
import type { Kafka, PartitionBounds, TopicPartitions, UnavailablePartition } from '../kafka/port.ts';
import { createUnreadable } from '../operate/unreadable.ts';
import { createWatchdog } from '../operate/watchdog.ts';
import { type TaskGroup, taskId } from '../task-groups.ts';
import { type CommitSize, createCommitSize } from './commit-size.ts';
import { createCommitter } from './commit-together.ts';
import { beat } from './heartbeats.ts';
import { openTask } from './open-task.ts';
import type { Task, TaskDependencies } from './task.ts';

const POLL_MS = 2_000;
/** Some hundred records: live traffic is read a few times a second, a backlog at once. */
const FETCH_BYTES = 64 * 1024;
const MAX_CLAIM_BACKOFF_MS = 2_000;
/**
 * Who was fenced has most likely left the group without knowing it, and its next heartbeat tells: a task that it claimed
 * again before would be taken from its new owner.
 */
const FENCED_WAIT_MS = 2_000;
/** A failure that comes back at once, whatever it is, must not keep the machine busy. */
const FAILED_WAIT_MS = 500;

/** Claims that fail so fail for good. */
const FINAL_CODES: ReadonlySet<ProcessorError['code']> = new Set(['CATALOG_CHANGED', 'REBUILD_REFUSED']);

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

interface Assigned {
  readonly id: string;
  readonly partition: number;
  readonly topics: readonly TopicName[];
  readonly commitSize: CommitSize;
  task?: Task;
  /** Why it can't be claimed. */
  refusal?: string;
  /** Ends when nothing of it is being claimed any more. Each has its own: one that can't be had keeps no other waiting. */
  opening: Promise<void>;
}

/** Builds the stage. `onCrash` is called when the consumer has ended and does not come back. */
export function createAggregateStage(
  options: { kafka: Kafka; groups: readonly TaskGroup[]; group: string; onCrash: (error: Error) => void },
  dependencies: Omit<TaskDependencies, 'committer' | 'endOfEpoch'>,
): AggregateStage {
  const { kafka, groups } = options;
  const { logger, telemetry } = dependencies;
  const groupOf = new Map(groups.flatMap((group) => group.topics.map((topic) => [topic, group] as const)));
  const topics = [...groupOf.keys()];
  const consumer = kafka.consumer({
    group: options.group,
    topics,
    minBytes: FETCH_BYTES,
    taskGroupOf: (topic) => groupOf.get(topic)!.name,
  });

  /** Raised at every assignment: whatever an earlier one began stops at its next step. */
  let generation = 0;
  let assigned = new Map<string, Assigned>();
  let transition: Promise<void> = Promise.resolve();
  let poll: NodeJS.Timeout | undefined;
  let stopping = false;
  let tending = false;
  const committer = createCommitter(dependencies.database);
  const taskDependencies: TaskDependencies = { ...dependencies, committer, endOfEpoch: kafka.endOfEpoch };
  const unreadable = createUnreadable(dependencies.now);
  const watchdog = createWatchdog('counting', ['Kafka'], dependencies.now);

  const partitionsOf = ({ topics, partition }: Assigned): TopicPartitions[] =>
    topics.map((topic) => ({ topic, partitions: [partition] }));
  const begin = (entry: Assigned, task: Task) => {
    for (const [topic, offset] of task.positions)
      consumer.seek(topic, entry.partition, offset, task.marks.get(topic));
    consumer.resume(partitionsOf(entry));
  };

  const open = async (entry: Assigned, current: number): Promise<void> => {
    for (let attempt = 0; generation === current && !stopping; attempt++) {
      try {
        const bounds = await boundsOf(kafka, entry);
        const task = await openTask(entry.id, bounds, (error) => reopen(entry, current, error), {
          ...taskDependencies,
          commitSize: entry.commitSize,
        });
        if (generation !== current || stopping) return await task.close();
        entry.task = task;
        delete entry.refusal;
        begin(entry, task);
        return;
      } catch (error) {
        if (error instanceof ProcessorError && FINAL_CODES.has(error.code)) return options.onCrash(error);
        entry.refusal = (error as Error).message;
        logger.warn({ task: entry.id, err: error }, 'claim failed; trying again');
        await sleep(Math.min(100 * 2 ** attempt, MAX_CLAIM_BACKOFF_MS));
      }
    }
  };
  const reopen = (entry: Assigned, current: number, error: Error) => {
    if (error instanceof ProcessorError && (error.code === 'FENCED' || error.code === 'CONFLICT')) {
      telemetry[error.code === 'FENCED' ? 'fenced' : 'conflicts'].inc();
      logger.warn(
        { task: entry.id, code: error.code, why: error.message },
        'task lost; its memory is dropped',
      );
    } else if (error instanceof ProcessorError && error.code === 'COMMIT_TOO_LARGE') {
      entry.commitSize.shrink();
      telemetry.commitsTooLarge.inc();
      logger.warn({ task: entry.id, err: error }, 'a commit was too large; the next ones are smaller');
    } else {
      telemetry.failures.inc();
      logger.error({ task: entry.id, err: error }, 'task failed; its memory is dropped');
    }
    if (generation !== current || stopping) return;
    consumer.pause(partitionsOf(entry));
    const lost = entry.task;
    delete entry.task;
    const again = () => {
      entry.opening = entry.opening.then(async () => {
        await lost?.close();
        await open(entry, current);
      });
    };
    setTimeout(again, waitAfter(error)).unref();
  };

  const onAssigned = (assignment: readonly TopicPartitions[]) => {
    const current = ++generation;
    const former = [...assigned.values()];
    assigned = tasksOf(assignment, groupOf);
    unreadable.clear();
    logger.info({ tasks: [...assigned.keys()] }, 'assigned');
    const entries = [...assigned.values()];
    transition = transition.then(async () => {
      // Two claims of one task by this process must not overtake each other.
      await Promise.all(former.map(({ opening }) => opening));
      await Promise.all(former.map(({ task }) => task?.close()));
      for (const entry of entries) entry.opening = open(entry, current);
    });
  };

  const tendTo = async (tasks: readonly Task[]) => {
    tending = true;
    // Beside each other: each waits for commits of its own.
    const tended = tasks.map(async (task) => {
      const failed = (what: string) => (error: unknown) =>
        logger.warn({ task: task.id, err: error }, `${what} failed; trying again`);
      await task.erase().catch(failed('clearing facts of erased customers'));
      await task.settle().catch(failed('settling visits'));
    });
    await Promise.all(tended);
    tending = false;
  };
  /** Tells the tasks the ends of those partitions that can be asked now: the others go on without. */
  const lookAtEnds = async () => {
    // By the processor's own clock: at least what had been written by then lies within the bounds.
    const askedAt = dependencies.now();
    const { bounds, unavailable } = await kafka.knownBounds(topics);
    watchdog.answered('Kafka');
    for (const { task, topics, partition } of assigned.values()) {
      const ends = topics.flatMap((topic) => {
        const end = bounds.get(topic)?.find((bound) => bound.partition === partition)?.high;
        return end === undefined ? [] : [[topic, end] as const];
      });
      task?.noteEnds(new Map(ends), askedAt);
    }
    const isOurs = ({ topic, partition }: UnavailablePartition) =>
      assigned.has(taskId(groupOf.get(topic)!, partition));
    telemetry.unavailable.set(unavailable.filter(isOurs).length);
  };
  const pollOnce = async () => {
    await lookAtEnds().catch((error) =>
      logger.debug({ err: error }, 'Kafka does not tell the ends of partitions'),
    );
    const entries = [...assigned.values()].flatMap(({ task, ...entry }) =>
      task ? [{ ...entry, task }] : [],
    );
    await beat(
      dependencies.database,
      entries.map(({ task }) => task),
    );
    // Not waited for: in a backlog it takes long, and what this is about must go on.
    if (!tending) void tendTo(entries.map(({ task }) => task));
    const positions = entries.flatMap(({ task, partition }) =>
      [...task.positions].map(([topic, offset]) => ({ topic, partition, offset })),
    );
    telemetry.noteTasks(entries.map(({ task }) => task.state()));
    await consumer.commit(positions);
  };
  const keepPolling = () => {
    poll = setTimeout(async () => {
      await pollOnce().catch((error) => logger.debug({ err: error }, 'poll failed'));
      if (!stopping) keepPolling();
    }, POLL_MS);
  };

  return {
    start: async () => {
      await consumer.start({
        onAssigned,
        onBatch: async (batch, control) => {
          const entry = assigned.get(taskId(groupOf.get(batch.topic)!, batch.partition));
          const task = entry?.task;
          await task?.process(batch, control);
        },
        onPositionLost: (topic, partition) => {
          const entry = assigned.get(taskId(groupOf.get(topic)!, partition));
          const error = new Error(`the log does not continue at the position in ${topic} any more`);
          // A claim looks what the log holds, and tells what is lost.
          if (entry?.task) reopen(entry, generation, error);
        },
        onTrouble: unreadable.note,
        onCrash: options.onCrash,
      });
      keepPolling();
    },
    stop: async () => {
      stopping = true;
      clearTimeout(poll);
      const tasks = [...assigned.values()].flatMap(({ task }) => (task ? [task] : []));
      consumer.pause([...assigned.values()].flatMap(partitionsOf));
      await transition;
      await Promise.all([...assigned.values()].map(({ opening }) => opening));
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
      const tasks = [...assigned.values()].flatMap(({ task }) => (task ? [task] : []));
      const states = tasks.map((task) => task.state());
      const refusals = [...assigned.values()].flatMap(({ id, refusal }) =>
        refusal === undefined ? [] : [`${id} can't be claimed: ${refusal}`],
      );
      return {
        assigned: generation > 0,
        wanted: assigned.size,
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

/** How long a task that was lost by this error is left alone, in ms. */
function waitAfter(error: Error): number {
  if (!(error instanceof ProcessorError)) return FAILED_WAIT_MS;
  return error.code === 'FENCED' ? FENCED_WAIT_MS : 0;
}

function tasksOf(
  assignment: readonly TopicPartitions[],
  groupOf: ReadonlyMap<TopicName, TaskGroup>,
): Map<string, Assigned> {
  const tasks = new Map<string, Assigned>();
  for (const { topic, partitions } of assignment) {
    const group = groupOf.get(topic)!;
    for (const partition of partitions) {
      const id = taskId(group, partition);
      const topics = [...(tasks.get(id)?.topics ?? []), topic];
      tasks.set(id, { id, partition, topics, commitSize: createCommitSize(), opening: Promise.resolve() });
    }
  }
  return tasks;
}

/** @throws an error that names the partitions which can't be asked, and why */
async function boundsOf(
  kafka: Kafka,
  { topics, partition }: Assigned,
): Promise<Map<TopicName, PartitionBounds>> {
  const known = await kafka.knownBounds(topics);
  const bounds = topics.map((topic) => {
    const isIt = (candidate: { partition: number }) => candidate.partition === partition;
    const found = known.bounds.get(topic)?.find(isIt);
    if (found) return [topic, found] as const;
    const why = known.unavailable.find((each) => each.topic === topic && isIt(each))?.reason;
    throw new Error(
      `Kafka does not tell where partition ${partition} of ${topic} begins and ends: ${why ?? 'it is not there'}`,
    );
  });
  return new Map(bounds);
}
