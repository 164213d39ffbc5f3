import { INPUT_TOPICS, type TopicName } from '@storepulse/contracts';
import { LakeError } from '@storepulse/lake';
import type { BatchControl, Kafka, TopicPartitions } from '@storepulse/processor/kafka/port';
import { createUnreadable } from '@storepulse/processor/operate/unreadable';
import type { MongoClient } from 'mongodb';
import type { Logger } from 'pino';
import { claimTask } from './claim.ts';
import { startTask } from './positions.ts';
import { type ArchiveTask, createArchiveTask, type TaskDependencies } from './task.ts';

/** What the stage is built from. */
export interface StageDependencies extends TaskDependencies {
  readonly kafka: Kafka;
  readonly client: MongoClient;
  readonly owner: string;
  readonly logger: Logger;
  readonly flushMs: number;
  readonly flushBytes: number;
  /** Told when the consumer has ended and does not come back. */
  readonly onCrash: (error: Error) => void;
}

/** Reads all topics and brings them into the lake. */
export interface ArriveStage {
  start(): Promise<void>;
  /** Reads no more, brings what was read into the lake, and leaves the group. */
  stop(): Promise<void>;
  status(): {
    readonly assigned: boolean;
    readonly wanted: number;
    readonly tasks: readonly ArchiveTask[];
    readonly complaints: readonly string[];
  };
}

const FETCH_BYTES = 64 * 1024;
const RECORDS = 2_000;
const RETRY_MS = 1_000;

/** Of one assignment: what was assigned, and what of it is claimed. */
interface Place {
  readonly topic: TopicName;
  readonly partition: number;
  task?: ArchiveTask;
  /** Why it can't be claimed, while it can't. */
  refusal?: string;
  retry?: NodeJS.Timeout;
}

/** Builds the stage. */
export function createArriveStage(dependencies: StageDependencies): ArriveStage {
  const { kafka, client, owner, logger, collections, telemetry, now, onStep, onCrash } = dependencies;
  const consumer = kafka.consumer({
    group: 'storepulse-archive',
    topics: INPUT_TOPICS,
    taskGroupOf: (topic) => topic,
    minBytes: FETCH_BYTES,
    mostRecords: RECORDS,
  });
  const unreadable = createUnreadable(now);
  let places = new Map<string, Place>();
  let isAssigned = false;
  let stopping = false;
  let ticking: NodeJS.Timeout | undefined;
  /** Flushes come one after the other: they share DuckDB, and so memory is bounded. */
  let turn: Promise<unknown> = Promise.resolve();

  const isCurrent = (place: Place) => places.get(`${place.topic}/${place.partition}`) === place;
  const tasks = () => [...places.values()].flatMap(({ task }) => task ?? []);
  const waiting = () => tasks().reduce((sum, { bytes }) => sum + bytes, 0);

  const claim = async (place: Place): Promise<void> => {
    try {
      const claimed = await claimTask(client, collections, place, owner);
      telemetry.claims.inc();
      onStep('claimed');
      const start = await startTask(kafka, collections, claimed, logger, now).catch(async (error) => {
        await claimed.session.endSession();
        throw error;
      });
      if (!isCurrent(place) || stopping) return void (await claimed.session.endSession());
      place.task = createArchiveTask(claimed, start, dependencies);
      delete place.refusal;
      consumer.seek(place.topic, place.partition, start.position, start.mark);
      consumer.resume([{ topic: place.topic, partitions: [place.partition] }]);
    } catch (error) {
      place.refusal = (error as Error).message;
      logger.warn(
        { err: error, topic: place.topic, partition: place.partition },
        'a partition can not be claimed yet',
      );
      again(place);
    }
  };
  const again = (place: Place) => {
    if (!isCurrent(place) || stopping) return;
    place.retry = setTimeout(() => void claim(place), RETRY_MS);
  };
  const lose = async (place: Place, error: unknown): Promise<void> => {
    const { task } = place;
    if (!task) return;
    delete place.task;
    // Of an earlier assignment: its partition may be another place's by now.
    if (!isCurrent(place)) return task.close();
    consumer.pause([{ topic: place.topic, partitions: [place.partition] }]);
    const isFenced = error instanceof LakeError && error.code === 'FENCED';
    if (isFenced) telemetry.fenced.inc();
    else telemetry.failures.inc();
    logger[isFenced ? 'warn' : 'error'](
      { err: error, task: task.id },
      'what was not committed will be read again',
    );
    await task.close();
    again(place);
  };
  const flush = (place: Place): Promise<void> => {
    const done = turn.then(async () => {
      const { task } = place;
      if (!task) return;
      await task.flush().catch((error) => lose(place, error));
    });
    turn = done;
    return done;
  };

  const onAssigned = (assignment: readonly TopicPartitions[]): void => {
    unreadable.clear();
    isAssigned = true;
    // Another owner reads on from the last commit: what is not committed is dropped.
    for (const { task, retry } of places.values()) {
      clearTimeout(retry);
      void task?.close();
    }
    const assigned = assignment.flatMap(({ topic, partitions }) =>
      partitions.map((partition): Place => ({ topic, partition })),
    );
    places = new Map(assigned.map((place) => [`${place.topic}/${place.partition}`, place]));
    for (const place of places.values()) void claim(place);
  };
  const largest = (): Place =>
    [...places.values()].reduce((most, place) =>
      (place.task?.bytes ?? 0) > (most.task?.bytes ?? 0) ? place : most,
    );

  const tick = async (): Promise<void> => {
    const askedAt = now();
    const { bounds } = await kafka.knownBounds(INPUT_TOPICS);
    const highs = new Map(
      [...bounds].flatMap(([topic, all]) =>
        all.map(({ partition, high }) => [`${topic}/${partition}` as string, high] as const),
      ),
    );
    for (const [id, { task }] of places) {
      const high = highs.get(id);
      if (task && high !== undefined) task.noteEnd(high, askedAt);
    }
    // What was there when it was asked is mostly read a moment later: then the lake is known to go so far.
    const deadline = now() + RETRY_MS;
    while (!stopping && now() < deadline && tasks().some(({ lag }) => lag > 0))
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS / 20));
    for (const place of [...places.values()]) await flush(place);
  };
  const schedule = (ms: number) => {
    ticking = setTimeout(async () => {
      const began = now();
      await tick().catch((error) => logger.warn({ err: error }, 'the ends of the topics can not be asked'));
      if (!stopping) schedule(Math.max(RETRY_MS / 10, dependencies.flushMs - (now() - began)));
    }, ms);
  };

  return {
    start: async () => {
      await consumer.start({
        onAssigned,
        onBatch: async (batch, control: BatchControl) => {
          const place = places.get(`${batch.topic}/${batch.partition}`);
          const task = place?.task;
          if (!task || stopping) return;
          while (waiting() >= dependencies.flushBytes && !stopping) await flush(largest());
          if (place.task !== task) return;
          control.resolve(await task.take(batch));
        },
        onPositionLost: (topic, partition) => {
          const place = places.get(`${topic}/${partition}`);
          if (place) void lose(place, new Error('the log does not continue at the position any more'));
        },
        onTrouble: unreadable.note,
        onCrash,
      });
      schedule(dependencies.flushMs);
    },
    stop: async () => {
      stopping = true;
      clearTimeout(ticking);
      for (const { retry } of places.values()) clearTimeout(retry);
      const all = [...places.values()];
      consumer.pause(all.map(({ topic, partition }) => ({ topic, partitions: [partition] })));
      await Promise.all(all.map(flush));
      await consumer.stop();
      await Promise.all(tasks().map((task) => task.close()));
    },
    status: () => ({
      assigned: isAssigned,
      wanted: places.size,
      tasks: tasks(),
      complaints: [
        ...unreadable.complaints(),
        ...[...places.values()].flatMap(({ topic, partition, refusal }) =>
          refusal === undefined ? [] : [`${topic}/${partition} can't be claimed: ${refusal}`],
        ),
      ],
    }),
  };
}
