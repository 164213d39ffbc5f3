import { setTimeout as wait } from 'node:timers/promises';
import { INPUT_TOPICS } from '@storepulse/contracts';
import type { LakeType } from '@storepulse/lake';
import type { LakeTask } from '@storepulse/lake/manifest';
import { startingPositions } from '@storepulse/processor/aggregate/positions';
import { beginAt } from '@storepulse/processor/kafka/begin-at';
import type { Batch, BatchControl, LogMark } from '@storepulse/processor/kafka/port';
import { type Arrived, createArriveBuffer } from '../arrive/buffer.ts';
import type { Range } from './segments.ts';
import type { TailSource } from './source.ts';

type InputTopic = (typeof INPUT_TOPICS)[number];

/** One partition that is read. */
export interface Place {
  readonly topic: InputTopic;
  readonly partition: number;
  /** Next offset to be read. */
  position: number;
  /** Up to where what was read has been taken. */
  taken: number;
  /** Up to where the lake has it, as far as that was seen. */
  archived: number;
  /**
   * What the lake said of the partition, where the log does not go on as it said: until it says something else, it has nothing of what
   * is read.
   */
  readonly stale?: LakeTask | undefined;
}

/** Records of a topic that have come, and where they lie. */
export interface Taken {
  readonly topic: InputTopic;
  readonly arrived: Arrived;
  readonly ranges: ReadonlyMap<number, Range>;
}

/** The log from where the lake ends. */
export interface Reading {
  /** By `topic/partition`; partitions that are not begun yet are missing. */
  readonly places: ReadonlyMap<string, Place>;
  /** Bytes of lines that are not taken. */
  readonly bytes: number;
  /** Returns once what the log had when it was called is read, or after some time. @returns when it was called, if it is read */
  catchUp(patienceMs: number): Promise<number | undefined>;
  /** What has come since the last call, by topic. */
  take(): Taken[];
  /** Says that there is room again. */
  goOn(): void;
  stop(): Promise<void>;
}

/** What a reading needs. */
export interface ReadingOptions {
  readonly source: TailSource;
  readonly lakeTypes: ReadonlyMap<string, LakeType>;
  /** How far the lake goes. */
  readonly tasks: () => Promise<readonly LakeTask[]>;
  /** Whether more may be read. */
  readonly hasRoom: () => boolean;
  readonly now: () => number;
  /** The log does not go on where it was read, or can't be read any more: the reading is of no use. */
  readonly onEnd: (error: Error) => void;
}

const RECORDS = 2_000;

/** Begins to read every input topic where the lake ends. @throws Kafka's error when it does not tell the topics' partitions */
export async function startReading(options: ReadingOptions): Promise<Reading> {
  const { source, lakeTypes, tasks, hasRoom, now, onEnd } = options;
  const { kafka } = source;
  const places = new Map<string, Place>();
  const buffers = new Map(
    INPUT_TOPICS.map((topic) => [topic, createArriveBuffer(topic, lakeTypes, source.shopOf)]),
  );
  const consumer = kafka.reader({ topics: INPUT_TOPICS, mostRecords: RECORDS });
  let room = Promise.withResolvers<void>();
  let moved = Promise.withResolvers<void>();
  let stopped = false;

  const placesOf = async (topic: InputTopic, wanted: readonly number[]) => {
    const { bounds } = await kafka.knownBounds([topic]);
    const told = new Map((await tasks()).map((task) => [task._id, task]));
    const found = new Map<number, { offset: number; mark: LogMark; stale: LakeTask | undefined }>();
    for (const bound of bounds.get(topic)!.filter(({ partition }) => wanted.includes(partition))) {
      const task = told.get(`${topic}/${bound.partition}`);
      const { positions, marks, losses } = await startingPositions(
        {
          offsets: typeof task?.next === 'number' ? { [topic]: task.next } : {},
          logs: task?.log ? { [topic]: task.log } : {},
        },
        new Map([[topic, bound]]),
        kafka.endOfEpoch,
        now(),
      );
      const stale = losses.length > 0 ? task : undefined;
      found.set(bound.partition, { offset: positions.get(topic)!, mark: marks.get(topic)!, stale });
    }
    return found;
  };
  const begin = (topic: InputTopic, partitions: readonly number[]) =>
    beginAt(
      consumer,
      topic,
      partitions,
      (wanted) => placesOf(topic, wanted),
      () => !stopped,
      (begun) => {
        for (const [partition, { offset: from, stale }] of begun)
          places.set(`${topic}/${partition}`, {
            ...{ topic, partition, stale },
            ...{ position: from, taken: from, archived: from },
          });
      },
    );
  const onBatch = async (batch: Batch, control: BatchControl): Promise<void> => {
    const place = places.get(`${batch.topic}/${batch.partition}`);
    if (!place) return;
    while (!hasRoom() && place.archived < batch.next && !stopped) await room.promise;
    if (stopped) return;
    // The lake may have gone on meanwhile.
    const entries = await source.decodeBatch(batch, Math.max(place.position, place.archived));
    if (stopped) return;
    const buffer = buffers.get(place.topic)!;
    for (const { record, decoded } of entries) buffer.add(record, decoded, batch.partition);
    place.position = Math.max(place.position, batch.next);
    control.resolve(batch.next - 1);
    moved.resolve();
    moved = Promise.withResolvers();
  };

  await consumer.start({
    onAssigned: (assignment) => {
      for (const { topic, partitions } of assignment) void begin(topic as InputTopic, partitions);
    },
    onBatch,
    onPositionLost: (topic, partition) =>
      onEnd(new Error(`${topic}/${partition}: the log does not continue where it was read`)),
    onCrash: onEnd,
  });

  return {
    places,
    get bytes() {
      return [...buffers.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    },
    catchUp: async (patienceMs) => {
      const askedAt = now();
      const late = new AbortController();
      const patience = wait(patienceMs, 'late' as const, { signal: late.signal }).catch(
        () => 'late' as const,
      );
      try {
        const asked = await Promise.race([kafka.knownBounds(INPUT_TOPICS), patience]);
        if (asked === 'late') return undefined;
        const ends = [...asked.bounds].flatMap(([topic, all]) =>
          all.map(({ partition, high }) => [`${topic}/${partition}`, high] as const),
        );
        const isRead = () =>
          ends.every(([id, high]) => high === 0 || (places.get(id)?.position ?? -1) >= high);
        while (!isRead() && !stopped) if ((await Promise.race([moved.promise, patience])) === 'late') break;
        return isRead() && asked.unavailable.length === 0 ? askedAt : undefined;
      } finally {
        late.abort();
      }
    },
    take: () =>
      [...buffers].flatMap(([topic, buffer]) => {
        const own = [...places.values()].filter((place) => place.topic === topic);
        const ranges = new Map(
          own.map(({ partition, taken, position }) => [partition, { from: taken, next: position }]),
        );
        for (const place of own) place.taken = place.position;
        const arrived = buffer.take();
        return arrived.records === 0 ? [] : [{ topic, arrived, ranges }];
      }),
    goOn: () => {
      room.resolve();
      room = Promise.withResolvers();
    },
    stop: async () => {
      stopped = true;
      room.resolve();
      moved.resolve();
      await consumer.stop();
    },
  };
}
