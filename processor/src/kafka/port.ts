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

/** What tells a partition's log from another one that has the same offsets. */
export interface LogMark {
  /** The topic's id, a UUID: a topic that is made anew has another. undefined: not known. */
  readonly topicId: string | undefined;
  /** Epoch of the leader that appended the last record before a position: another log has another. undefined: not known. */
  readonly epoch: number | undefined;
}

/** A log that nothing is known of: where a position is in it is told by its offset alone. */
export const UNMARKED: LogMark = { topicId: undefined, epoch: undefined };

/** Consecutive records of one topic-partition; none where only what does not count was passed. */
export interface Batch {
  readonly topic: TopicName;
  readonly partition: number;
  readonly records: readonly InputRecord[];
  /** Offset after them, and after what lies behind them that does not count, such as the ends of transactions. */
  readonly next: number;
  /** Offset after the log's last record, whether it can be read yet or waits for an open transaction. */
  readonly end: number;
  /** Of the log at `next`. @default nothing is known of it */
  readonly mark?: LogMark;
}

/** What a batch's handler may do while it works. */
export interface BatchControl {
  /** Records up to this offset are taken; those that are not when the handler returns, or fails, are handed over again. */
  resolve(offset: number): void;
  /** Whether the records are still wanted: false once the partition has been sought or assigned anew. */
  isCurrent(): boolean;
}

/** A topic with some of its partitions. */
export interface TopicPartitions {
  readonly topic: TopicName;
  readonly partitions: readonly number[];
}

/** A member of a consumer group whose positions its user decides. */
export interface GroupConsumer {
  /**
   * Joins and reads until `stop`. After every assignment nothing is read until the user has sought a partition and
   * resumed it. Batches of one partition come one at a time and in order; those of others do not wait for them.
   */
  start(handlers: {
    onAssigned(assignment: readonly TopicPartitions[]): void;
    onBatch(batch: Batch, control: BatchControl): Promise<void>;
    /**
     * The log does not continue at the partition's position: it was deleted or cut off there, or the topic was made
     * anew. Nothing is read there until it is sought again.
     */
    onPositionLost(topic: TopicName, partition: number): void;
    /**
     * A partition can't be read, and why; undefined: it is read again. It is tried on and on meanwhile, and others are
     * read. Told when it begins, ends, or changes its reason; an assignment ends all.
     */
    onTrouble?(topic: TopicName, partition: number, error: Error | undefined): void;
    /** The member has ended, and for minutes no other could take its place. */
    onCrash(error: Error): void;
  }): Promise<void>;
  pause(partitions: readonly TopicPartitions[]): void;
  resume(partitions: readonly TopicPartitions[]): void;
  /** @param mark of the log that was read up to there. @default nothing is known of it */
  seek(topic: TopicName, partition: number, offset: number, mark?: LogMark): void;
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
  /**
   * @throws {PartitionsUnavailable} when partitions of some of them have no leader; those that fit others are sent
   * @throws {RecordsTooLarge} when the topic does not take some of them; the others are sent
   */
  send(topic: TopicName, records: readonly OutputRecord[]): Promise<void>;
}

/** First and next offsets of a topic's partitions. */
export interface PartitionBounds {
  readonly partition: number;
  readonly low: number;
  /** Open transactions included. */
  readonly high: number;
  /** The topic's id, a UUID. @default not known */
  readonly topicId?: string;
}

/** The offset after the last record of a leader's epoch. */
export interface EndOfEpoch {
  readonly epoch: number;
  readonly end: number;
}

/** A partition that can't be asked now. */
export interface UnavailablePartition {
  readonly topic: TopicName;
  readonly partition: number;
  /** Why, such as `it has no leader`. */
  readonly reason: string;
}

/** What is known now of the bounds of some topics' partitions. */
export interface KnownBounds {
  readonly bounds: ReadonlyMap<TopicName, readonly PartitionBounds[]>;
  readonly unavailable: readonly UnavailablePartition[];
}

/** What is read, and in which portions. */
export interface ReaderOptions {
  readonly topics: readonly TopicName[];
  /**
   * A broker gathers so many bytes before it answers, or what has come within 250 ms: of few records, each would else be
   * an answer of its own. @default 1
   */
  readonly minBytes?: number;
  /** Records of a batch at most. @default 500: worth a call, and others have their turn soon */
  readonly mostRecords?: number;
  /**
   * Whether what comes next is fetched while a batch is worked on. Without, a batch holds all that has come meanwhile.
   * @default true
   */
  readonly fetchAhead?: boolean;
}

/** Which group to join, and what is read together there. */
export interface ConsumerOptions extends ReaderOptions {
  readonly group: string;
  readonly taskGroupOf: (topic: TopicName) => string;
}

/** What the processor needs of Kafka. */
export interface Kafka {
  consumer(options: ConsumerOptions): GroupConsumer;
  /** Reads all partitions of the topics outside of any group: `commit` does nothing. */
  reader(options: ReaderOptions): GroupConsumer;
  /** A producer of plain sends. */
  sender(): Promise<Sender & { close(): Promise<void> }>;
  /** A producer whose sends are transactions; a newer one of the same id fences it. */
  transactionalSender(id: string): Promise<Sender & { close(): Promise<void> }>;
  /** How many partitions each of these topics has, whether they have leaders or not. */
  partitionCounts(topics: readonly TopicName[]): Promise<ReadonlyMap<TopicName, number>>;
  /** Bounds of all partitions of a topic. @throws while one of them can't be asked, after 20 s */
  bounds(topic: TopicName): Promise<readonly PartitionBounds[]>;
  /** Bounds of those partitions of some topics that can be asked now; it waits for none. @throws when no broker answers */
  knownBounds(topics: readonly TopicName[]): Promise<KnownBounds>;
  /**
   * Where a partition's records of an epoch end, or those of the last epoch before it that the log has.
   * @throws while its leader does not answer
   */
  endOfEpoch(topic: TopicName, partition: number, epoch: number): Promise<EndOfEpoch>;
  /** By partition, the first offset whose record has this timestamp (epoch ms) or a later one; the end when none has. */
  offsetsAt(topic: TopicName, timestamp: number): Promise<ReadonlyMap<number, number>>;
  /** Offsets that a group has committed, by partition; without those never committed. */
  committed(group: string, topic: TopicName): Promise<ReadonlyMap<number, number>>;
  /** Creates what is missing of our topics. A partition without a leader is logged, and not waited for. */
  prepareTopics(): Promise<void>;
  close(): Promise<void>;
}
