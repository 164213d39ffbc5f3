import type { StoredLoss, TopicName } from '@storepulse/contracts';
import type { ClientSession } from 'mongodb';
import type { Logger } from 'pino';
import type { Decoder } from '../decode/decoder.ts';
import type { Erasure } from '../erasure/erasure.ts';
import type { Batch, BatchControl, Kafka, LogMark, PartitionBounds, Sender } from '../kafka/port.ts';
import type { TaskState, Telemetry } from '../operate/telemetry.ts';
import type { Shops } from '../shops.ts';
import type { NoteClaim } from '../store/claim-note.ts';
import type { Database } from '../store/database.ts';
import type { Alignment } from './alignment.ts';
import type { Claim } from './claim.ts';
import type { CommitSize } from './commit-size.ts';
import type { Committer } from './commit-together.ts';
import type { EventIds } from './event-ids.ts';
import type { Heartbeat } from './heartbeats.ts';
import type { PartialCache } from './partials.ts';
import type { Plan } from './plan.ts';
import type { StartingPositions } from './positions.ts';
import type { Sessions } from './sessions.ts';
import type { Tallier } from './tally.ts';
import type { Watermarks } from './watermarks.ts';

/** What a task is built from. */
export interface TaskDependencies {
  readonly plan: Plan;
  readonly decoder: Decoder;
  readonly shops: Shops;
  readonly database: Database;
  readonly committer: Committer;
  readonly sender: Sender;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly owner: string;
  /** How many the input topics have. */
  readonly partitions: number;
  readonly noteClaim: NoteClaim;
  /** Where a partition's records of an epoch end. @default it is not asked, as for a log in memory */
  readonly endOfEpoch?: Kafka['endOfEpoch'];
  /** Store of business facts their keys alone, and no state of shops, customers and products. @default false */
  readonly keysOnly?: boolean;
  /**
   * Told what the task's logs have lost since its checkpoint, before any of it is stated: what it throws, a
   * `REBUILD_REFUSED`, ends the stage. @default reading goes on behind the losses
   */
  readonly refuseLosses?: (
    losses: readonly StoredLoss[],
    bounds: ReadonlyMap<TopicName, PartitionBounds>,
  ) => void;
  /** The instant (epoch ms) by shop up to which visits are settled. @default the watermarks */
  readonly settleTo?: (watermarks: Watermarks) => Readonly<Record<string, number>>;
  /** How large commits may be; the stage keeps it over claims. @default the usual size */
  readonly commitSize?: CommitSize;
  /** Keeps the tasks of a process in step. @default each task keeps its own topics in step */
  readonly alignment?: Alignment;
  /** A task's part in erasing customers, which reads through the claim's session. */
  readonly erasureOf: (task: string, reads: ClientSession) => Erasure;
  readonly now: () => number;
  readonly commitIntervalMs: number;
  readonly disorderMs: number;
  readonly latenessMs: number;
}

/** One task: partition p of all topics of its group, counted by one owner at a time. */
export interface Task {
  readonly id: string;
  /** Where reading of each topic begins. */
  readonly positions: ReadonlyMap<TopicName, number>;
  /** The logs that the positions are of. */
  readonly marks: ReadonlyMap<TopicName, LogMark>;
  /** What its logs have lost so far, the latest last. */
  readonly losses: readonly StoredLoss[];
  /** Counts a batch; returns early once the task is no longer ours, or drains. */
  process(batch: Batch, control: BatchControl): Promise<void>;
  /**
   * Notes the ends of the task's partitions, for lag and idleness. A topic whose end is not told is not read to its end
   * any more, soon after. A log that has become shorter ends the task: what is lost is found out by the next claim.
   * @param askedAt when they were asked for, epoch ms. @default now
   */
  noteEnds(ends: ReadonlyMap<TopicName, number>, askedAt?: number): void;
  /** By shop, the instant (epoch ms) up to which visits are settled. */
  reached(): Readonly<Record<string, number>>;
  /** Settles visits that the watermarks say have ended; they go along with the commits that follow. */
  settle(): Promise<void>;
  /** Clears facts of erased customers, if this task was ordered to. */
  erase(): Promise<void>;
  /** The progress of a task that has nothing to commit, as it is to be written; undefined while there is a commit to be. */
  heartbeat(): Heartbeat | undefined;
  /** Notes that MongoDB has answered. */
  answered(): void;
  /** Ends the task when its checkpoint has another owner. */
  checkOwner(): Promise<void>;
  /** Takes no more records, and commits everything that was counted. */
  drain(): Promise<void>;
  /** Stops counting and committing; what is not committed will be read again. */
  close(): Promise<void>;
  /** How it is doing. */
  state(): TaskState;
  /** Whether there is lag, and the record counted last is not of these seconds. */
  isBehind(): boolean;
  /** What is wrong with it, one sentence each. */
  complaints(): string[];
}

/** What a claimed task works with, made by `openTask`. */
export interface TaskParts {
  readonly commitSize: CommitSize;
  readonly claim: Claim;
  readonly start: StartingPositions;
  readonly bounds: ReadonlyMap<TopicName, PartitionBounds>;
  readonly boundsAskedAt: number;
  readonly tallier: Tallier;
  readonly watermarks: Watermarks;
  readonly partials: PartialCache;
  readonly sessions: Sessions;
  readonly eventIds: EventIds;
  /** Windows that could not be announced when the task was claimed, with the first commit that was not. */
  readonly unannounced: ReadonlyMap<string, number>;
  forget(): void;
  prune(): Promise<void>;
  onLost(error: Error): void;
}
