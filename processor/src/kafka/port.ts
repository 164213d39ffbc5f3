import type { TopicName } from '@storepulse/contracts';

/** One record as read from Kafka. */
export interface InputRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>;
  readonly offset: number;
  /** The record's own timestamp, epoch ms: when it was sent or appended. */
  readonly timestamp: number;
}

/** Records in order; a plain array will do. */
export interface Records {
  readonly length: number;
  /** As of an array. Made anew at each call, so that of a large fetch only the part at work takes memory. */
  slice(from?: number, to?: number): readonly InputRecord[];
}

/** Consecutive records of one topic-partition. */
export interface Batch {
  readonly topic: TopicName;
  readonly partition: number;
  /** The offset that the fetch asked for. */
  readonly fetchedOffset: number;
  /** Offset after the last record that can be read. */
  readonly highWatermark: number;
  readonly records: Records;
}

/** What a batch's handler may do while it works. */
export interface BatchControl {
  /** Records up to this offset are taken; the next fetch begins after it. */
  resolve(offset: number): void;
  /** Keeps the group membership alive in long batches. */
  heartbeat(): Promise<void>;
}

/** A topic with some of its partitions. */
export interface TopicPartitions {
  readonly topic: TopicName;
  readonly partitions: readonly number[];
}

/** A member of a consumer group whose positions its user decides. */
export interface GroupConsumer {
  /**
   * Joins and reads until `stop`. At every assignment all assigned partitions are paused before `onAssigned` is
   * called; the user seeks and resumes them.
   */
  start(handlers: {
    onAssigned(assignment: readonly TopicPartitions[]): void;
    onBatch(batch: Batch, control: BatchControl): Promise<void>;
    /** The member has ended, and for minutes no other could take its place. */
    onCrash(error: Error): void;
  }): Promise<void>;
  pause(partitions: readonly TopicPartitions[]): void;
  resume(partitions: readonly TopicPartitions[]): void;
  seek(topic: TopicName, partition: number, offset: number): void;
  /** Tells Kafka the positions, for lag tools only. */
  commit(positions: readonly { topic: TopicName; partition: number; offset: number }[]): Promise<void>;
  /** Waits for running batches, then leaves the group. */
  stop(): Promise<void>;
}

/** A record to be sent. */
export interface OutputRecord {
  readonly key: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers?: InputRecord['headers'];
  /** Where it goes. @default by its key */
  readonly partition?: number;
  /** Epoch ms. @default when it is sent */
  readonly timestamp?: number;
}

/** Sends records and returns when all replicas in sync have them. */
export interface Sender {
  send(topic: TopicName, records: readonly OutputRecord[]): Promise<void>;
}

/** First and next offsets of a topic's partitions. */
export interface PartitionBounds {
  readonly partition: number;
  readonly low: number;
  readonly high: number;
}

/** What the processor needs of Kafka. */
export interface Kafka {
  consumer(options: {
    group: string;
    topics: readonly TopicName[];
    taskGroupOf: (topic: TopicName) => string;
  }): GroupConsumer;
  /** A producer of plain sends. */
  sender(): Promise<Sender & { close(): Promise<void> }>;
  /** A producer whose sends are transactions; a newer one of the same id fences it. */
  transactionalSender(id: string): Promise<Sender & { close(): Promise<void> }>;
  bounds(topic: TopicName): Promise<readonly PartitionBounds[]>;
  /** By partition, the first offset whose record has this timestamp (epoch ms) or a later one; the end when none has. */
  offsetsAt(topic: TopicName, timestamp: number): Promise<ReadonlyMap<number, number>>;
  /** Offsets that a group has committed, by partition; without those never committed. */
  committed(group: string, topic: TopicName): Promise<ReadonlyMap<number, number>>;
  /** Creates what is missing of our topics. */
  prepareTopics(): Promise<void>;
  close(): Promise<void>;
}
