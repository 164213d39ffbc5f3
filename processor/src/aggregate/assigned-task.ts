import { setTimeout as sleep } from 'node:timers/promises';
import type { TopicName } from '@storepulse/contracts';
import { ProcessorError } from '../errors.ts';
import type { GroupConsumer, Kafka, PartitionBounds } from '../kafka/port.ts';
import { createCommitSize } from './commit-size.ts';
import { openTask } from './open-task.ts';
import type { Task, TaskDependencies } from './task.ts';

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

/** Which task: its id, and the partition of all its topics. */
export interface TaskPlace {
  readonly id: string;
  readonly partition: number;
  readonly topics: readonly TopicName[];
}

/**
 * A task of an assignment, from it to the next one: it is claimed, counts, may be lost, and is claimed again. Each is
 * claimed for itself, so that one that can't be had keeps no other waiting.
 */
export interface AssignedTask extends TaskPlace {
  /** The claimed one, which counts; undefined before a claim and after a loss. */
  task(): Task | undefined;
  /** Why it can't be claimed; undefined once it is. */
  refusal(): string | undefined;
  /** Begins to claim it. */
  open(): void;
  /** Drops the claimed one with its memory, since of this error, and claims it again soon. */
  lose(error: Error): void;
  /** Claims it no more, from now on. */
  giveUp(): void;
  /** After `giveUp`: returns when no claim of it is under way any more. */
  settled(): Promise<void>;
}

/** What an assigned task works with. */
export interface AssignedTaskDependencies {
  readonly kafka: Pick<Kafka, 'knownBounds'>;
  readonly consumer: Pick<GroupConsumer, 'seek' | 'pause' | 'resume'>;
  readonly taskDependencies: TaskDependencies;
  /** Called with an error after which no claim can succeed. */
  readonly onFinal: (error: Error) => void;
}

/** Builds it; nothing is claimed yet. */
export function createAssignedTask(
  place: TaskPlace,
  { kafka, consumer, taskDependencies, onFinal }: AssignedTaskDependencies,
): AssignedTask {
  const { id, partition, topics } = place;
  const { logger } = taskDependencies;
  const partitions = topics.map((topic) => ({ topic, partitions: [partition] }));
  const commitSize = createCommitSize();
  let task: Task | undefined;
  let refusal: string | undefined;
  let isGivenUp = false;
  let claiming: Promise<void> = Promise.resolve();

  const claimOnce = async (): Promise<void> => {
    const bounds = await boundsOf(kafka, place);
    const claimed = await openTask(id, bounds, lose, { ...taskDependencies, commitSize });
    if (isGivenUp) return claimed.close();
    task = claimed;
    refusal = undefined;
    for (const [topic, offset] of task.positions)
      consumer.seek(topic, partition, offset, task.marks.get(topic));
    consumer.resume(partitions);
  };
  const claim = async (): Promise<void> => {
    for (let attempt = 0; !isGivenUp; attempt++) {
      try {
        return await claimOnce();
      } catch (error) {
        if (error instanceof ProcessorError && FINAL_CODES.has(error.code)) return onFinal(error);
        refusal = (error as Error).message;
        logger.warn({ task: id, err: error }, 'claim failed; trying again');
        await sleep(Math.min(100 * 2 ** attempt, MAX_CLAIM_BACKOFF_MS));
      }
    }
  };
  const lose = (error: Error): void => {
    if (error instanceof ProcessorError && error.code === 'COMMIT_TOO_LARGE') commitSize.shrink();
    noteLoss(id, error, taskDependencies);
    if (isGivenUp) return;
    consumer.pause(partitions);
    const lost = task;
    task = undefined;
    const again = () => {
      claiming = claiming.then(async () => {
        await lost?.close();
        await claim();
      });
    };
    setTimeout(again, waitAfter(error)).unref();
  };

  return {
    ...place,
    task: () => task,
    refusal: () => refusal,
    open: () => {
      claiming = claim();
    },
    lose,
    giveUp: () => {
      isGivenUp = true;
    },
    settled: () => claiming,
  };
}

function noteLoss(id: string, error: Error, { logger, telemetry }: TaskDependencies): void {
  const code = error instanceof ProcessorError ? error.code : undefined;
  if (code === 'FENCED' || code === 'CONFLICT') {
    telemetry[code === 'FENCED' ? 'fenced' : 'conflicts'].inc();
    logger.warn({ task: id, code, why: error.message }, 'task lost; its memory is dropped');
  } else if (code === 'COMMIT_TOO_LARGE') {
    telemetry.commitsTooLarge.inc();
    logger.warn({ task: id, err: error }, 'a commit was too large; the next ones are smaller');
  } else {
    telemetry.failures.inc();
    logger.error({ task: id, err: error }, 'task failed; its memory is dropped');
  }
}

/** How long a task that was lost by this error is left alone, in ms. */
function waitAfter(error: Error): number {
  if (!(error instanceof ProcessorError)) return FAILED_WAIT_MS;
  return error.code === 'FENCED' ? FENCED_WAIT_MS : 0;
}

/** @throws an error that names the partitions which can't be asked, and why */
async function boundsOf(
  kafka: Pick<Kafka, 'knownBounds'>,
  { topics, partition }: TaskPlace,
): Promise<Map<TopicName, PartitionBounds>> {
  const known = await kafka.knownBounds(topics);
  const bounds = topics.map((topic) => {
    const isIt = (candidate: { partition: number }) => candidate.partition === partition;
    const ofTopic = known.bounds.get(topic);
    // Bounds are in order of partitions but where some are missing.
    const found = ofTopic?.[partition]?.partition === partition ? ofTopic[partition] : ofTopic?.find(isIt);
    if (found) return [topic, found] as const;
    const why = known.unavailable.find((each) => each.topic === topic && isIt(each))?.reason;
    throw new Error(
      `Kafka does not tell where partition ${partition} of ${topic} begins and ends: ${why ?? 'it is not there'}`,
    );
  });
  return new Map(bounds);
}
