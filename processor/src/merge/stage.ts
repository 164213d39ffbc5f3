import type { Logger } from 'pino';
import type { Kafka } from '../kafka/port.ts';
import type { Telemetry } from '../operate/telemetry.ts';
import { createUnreadable } from '../operate/unreadable.ts';
import { createWatchdog } from '../operate/watchdog.ts';
import type { CheckCatalog } from '../store/claim-note.ts';
import { type BeginDependencies, beginMerging } from './begin-merging.ts';
import { createFurtherWindows } from './further.ts';
import { createNoticeMerger } from './merge-notices.ts';
import type { Merger } from './merger.ts';
import { createOffsetCommitter } from './offset-committer.ts';
import { createOwnedPartitions } from './owned-partitions.ts';
import type { MergeProgress } from './progress.ts';
import { createPublisher } from './publisher.ts';
import { startMergeUpkeep } from './upkeep.ts';

/** Notices that are looked at together. */
const NOTICES = 20_000;
/** Notices that are older have been waiting. */
const CAUGHT_UP_MS = 10_000;
/** Offsets are committed at most so often: after a crash the merges of that time are repeated, which changes nothing. */
const OFFSETS_EVERY_MS = 1_000;

/** The second stage: merges the tasks' partials into the one truth and publishes it. */
export interface MergeStage {
  start(): Promise<void>;
  stop(): Promise<void>;
  /**
   * Whether partitions are assigned, the notices not yet merged of those, whether these are more than steady traffic
   * has, and what is wrong.
   */
  status(): { assigned: boolean; lag: number; isBehind: boolean; complaints: readonly string[] };
}

/** What the stage is built from. */
export interface MergeStageOptions extends Pick<BeginDependencies, 'announceUnmerged'> {
  readonly kafka: Kafka;
  readonly group: string;
  readonly merge: Merger;
  /** Merges further documents of windows, which nobody waits for; beside `merge`. */
  readonly mergeFurther: Merger;
  readonly finalize: () => Promise<void>;
  readonly expire: () => Promise<void>;
  readonly checkCatalog: CheckCatalog;
  /** Where it is written down how far merging is. */
  readonly progress: MergeProgress;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly now: () => number;
  /** Called when the consumer has ended and does not come back, or the catalogue is no longer this process's. */
  readonly onCrash: (error: Error) => void;
}

/** Builds the stage. Whoever owns the first partition also looks for windows that have become final. */
export function createMergeStage(options: MergeStageOptions): MergeStage {
  const { kafka, group, logger, now, onCrash } = options;
  const consumer = kafka.consumer({
    group,
    topics: ['metric-changes'],
    taskGroupOf: () => 'merge',
    // Many at once: of all notices of a batch that name a window, it is merged once.
    mostRecords: NOTICES,
    fetchAhead: false,
  });
  let isStopping = false;
  let endUpkeep = async () => {};
  const owned = createOwnedPartitions();
  const publisher = createPublisher(options);
  const unreadable = createUnreadable(now);
  const watchdog = createWatchdog('merging', ['Kafka', 'MongoDB'], now);
  const offsets = createOffsetCommitter(
    (next) =>
      consumer.commit(
        [...next].map(([partition, offset]) => ({ topic: 'metric-changes', partition, offset })),
      ),
    logger,
    OFFSETS_EVERY_MS,
  );
  const further = createFurtherWindows({
    merge: async (windows, partition, after) =>
      publisher.publish(partition, await options.mergeFurther(windows, after), 'further'),
    onMerged: (partition) => notices.noteReached(partition),
    logger,
  });
  const shared = {
    ...options,
    ...{ consumer, owned, publisher, offsets, further, watchdog },
    isStopping: () => isStopping,
  };
  const notices = createNoticeMerger(shared);
  const begin = (partitions: readonly number[]) => void beginMerging(partitions, shared);

  return {
    start: async () => {
      await consumer.start({
        onAssigned: (assignment) => {
          const partitions = assignment.flatMap((part) => part.partitions);
          unreadable.clear();
          owned.take(partitions);
          further.forget();
          offsets.forget();
          publisher.keepOnly(partitions);
          begin(partitions);
        },
        onBatch: notices.take,
        onPositionLost: (_topic, partition) => {
          owned.forget(partition);
          begin([partition]);
        },
        onTrouble: unreadable.note,
        onCrash,
      });
      endUpkeep = startMergeUpkeep(shared);
    },
    stop: async () => {
      isStopping = true;
      await Promise.all([endUpkeep(), further.stop(), consumer.stop()]);
      await publisher.close();
    },
    status: () => ({
      assigned: owned.isKnown(),
      lag: owned.lag(),
      isBehind: owned.lag() > 0 && now() - notices.lastNoticeAt() > CAUGHT_UP_MS,
      complaints: [...watchdog.complaints(), ...unreadable.complaints()],
    }),
  };
}
