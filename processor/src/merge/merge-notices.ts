import { setTimeout as sleep } from 'node:timers/promises';
import type { Timestamp } from 'mongodb';
import type { Logger } from 'pino';
import { committedAt, isOfBacklog } from '../aggregate/announce.ts';
import type { Batch, BatchControl } from '../kafka/port.ts';
import type { Telemetry } from '../operate/telemetry.ts';
import type { Watchdog } from '../operate/watchdog.ts';
import type { FurtherWindows } from './further.ts';
import type { Merger } from './merger.ts';
import type { OffsetCommitter } from './offset-committer.ts';
import type { OwnedPartitions } from './owned-partitions.ts';
import type { Publisher } from './publisher.ts';
import { planRounds } from './rounds.ts';

/** Windows merged in one round: reads, one write, one transaction on the topic. */
export const MERGED_AT_ONCE = 500;
/** Least time between two merges, so that windows which several tasks change at the same time are merged once. */
const GATHER_MS = 50;
/**
 * The same while tasks work off a backlog: nobody waits for each of the values in between, and all tasks have committed
 * their shares of a window by then. One that is merged after that is final at once.
 */
const GATHER_BACKLOG_MS = 4_000;
/** How often gathering looks whether it is still wanted. */
const LOOK_MS = 100;

/** What merging works with. */
export interface NoticeMergerDependencies {
  readonly merge: Merger;
  readonly further: FurtherWindows;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly owned: OwnedPartitions;
  readonly offsets: Pick<OffsetCommitter, 'note' | 'flush'>;
  readonly watchdog: Pick<Watchdog, 'moved'>;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
  readonly now: () => number;
  /** From then on no round is begun: the next owner reads the notices again. */
  readonly isStopping: () => boolean;
}

/** Merges the windows that notices name. */
export interface NoticeMerger {
  /** Merges what a batch names; returns early when told to stop, or when the partition is no longer owned. */
  take(batch: Batch, control: BatchControl): Promise<void>;
  /** Commits how far merging of a partition is, as far as its further documents allow. */
  noteReached(partition: number): void;
  /** When the notice merged last was sent, epoch ms; 0 before the first. */
  lastNoticeAt(): number;
}

/** Builds it. */
export function createNoticeMerger(dependencies: NoticeMergerDependencies): NoticeMerger {
  const { merge, further, publisher, owned, offsets, watchdog, telemetry, logger, isStopping } = dependencies;
  let lastNoticeAt = 0;

  const mergeRound = async (windows: readonly string[], partition: number, after: Timestamp | undefined) => {
    const took = telemetry.mergeSeconds.startTimer();
    await publisher.publish(partition, await merge(windows, after));
    took();
  };
  const noteReached = (partition: number) => {
    const next = owned.reached(partition);
    if (next !== undefined) offsets.note(partition, further.resumeAt(partition, next));
  };
  const mergeAll = async (batch: Batch, control: BatchControl) => {
    const { topic, partition } = batch;
    const { rounds, further: later, bad } = planRounds(batch.records, dependencies.now(), MERGED_AT_ONCE);
    for (const offset of bad) {
      telemetry.badNotices.inc();
      logger.warn({ topic, partition, offset }, 'a notice names no window; it is passed over');
    }
    const after = committedAt(batch.records);
    further.add(partition, later, after);
    for (const { windows, done } of rounds) {
      if (isStopping()) return;
      if (windows.length > 0) await mergeRound(windows, partition, after);
      watchdog.moved();
      if (!control.isCurrent()) return;
      // Kept as it grows: a rebalance amid a batch must not repeat all of it.
      if (!done) continue;
      lastNoticeAt = done.timestamp;
      if (batch.mark) owned.noteMark(partition, batch.mark);
      owned.noteReached(partition, done.offset + 1);
      noteReached(partition);
      control.resolve(done.offset);
    }
  };

  return {
    take: async (batch, control) => {
      if (batch.records.length === 0) return;
      const began = performance.now();
      await mergeAll(batch, control);
      // The next owner goes on from there.
      if (isStopping()) await offsets.flush();
      const isLast = batch.next >= batch.end;
      const gather = isOfBacklog(batch.records.at(-1)!) ? GATHER_BACKLOG_MS : GATHER_MS;
      const isOver = () => isStopping() || !control.isCurrent();
      for (;;) {
        const left = gather - (performance.now() - began);
        if (!isLast || left <= 0 || isOver()) break;
        await sleep(Math.min(left, LOOK_MS));
      }
    },
    noteReached,
    lastNoticeAt: () => lastNoticeAt,
  };
}
