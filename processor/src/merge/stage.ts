import { setTimeout as sleep } from 'node:timers/promises';
import type { Timestamp } from 'mongodb';
import type { Logger } from 'pino';
import { committedAt, isOfBacklog } from '../aggregate/announce.ts';
import { storedLog } from '../aggregate/positions.ts';
import { ProcessorError, RecordsTooLarge } from '../errors.ts';
import { beginAt } from '../kafka/begin-at.ts';
import type {
  Batch,
  BatchControl,
  Kafka,
  LogMark,
  OutputRecord,
  PartitionBounds,
  Sender,
} from '../kafka/port.ts';
import type { Telemetry } from '../operate/telemetry.ts';
import { createUnreadable } from '../operate/unreadable.ts';
import { createWatchdog } from '../operate/watchdog.ts';
import type { CheckCatalog } from '../store/claim-note.ts';
import { createFurtherWindows } from './further.ts';
import type { Merger } from './merger.ts';
import { createOffsetCommitter } from './offset-committer.ts';
import { type MergePosition, mergePosition } from './positions.ts';
import type { MergeProgress } from './progress.ts';
import { planRounds } from './rounds.ts';

/** Windows merged in one round: reads, one write, one transaction on the topic. */
export const MERGED_AT_ONCE = 500;
/** Notices that are looked at together. */
const NOTICES = 20_000;
/** Least time between two merges, so that windows which several tasks change at the same time are merged once. */
const GATHER_MS = 50;
/** The same while tasks work off a backlog: nobody waits for each of the values in between. */
const GATHER_BACKLOG_MS = 1_000;
/** Of so many ticks windows that have become final are looked for at least once, however many notices wait. */
const FINALIZE_TICKS = 15;
/** How often progress is told and windows that have become final are looked for. */
const TICK_MS = 2_000;
/** Notices that are older have been waiting. */
const CAUGHT_UP_MS = 10_000;

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

/** Builds the stage. Whoever owns the first partition also looks for windows that have become final. */
export function createMergeStage(options: {
  kafka: Kafka;
  group: string;
  merge: Merger;
  /** Merges further documents of windows, which nobody waits for; beside `merge`. */
  mergeFurther: Merger;
  finalize: () => Promise<void>;
  checkCatalog: CheckCatalog;
  /** Where it is written down how far merging is. */
  progress: MergeProgress;
  /**
   * Announces again what is not merged, since notices of some partitions are lost; returns how many windows that were.
   * @throws when these partitions can't be told of all of theirs
   */
  announceUnmerged: (partitions: ReadonlySet<number>) => Promise<number>;
  logger: Logger;
  telemetry: Telemetry;
  now: () => number;
  onCrash: (error: Error) => void;
}): MergeStage {
  const { kafka, merge, finalize, progress, logger, telemetry, now } = options;
  const consumer = kafka.consumer({
    group: options.group,
    topics: ['metric-changes'],
    taskGroupOf: () => 'merge',
    // Many at once: of all notices of a batch that name a window, it is merged once.
    mostRecords: NOTICES,
    fetchAhead: false,
  });
  /** By partition; those of further documents have their own, since a sender has one transaction at a time. */
  const senders = new Map<string, Promise<Sender & { close(): Promise<void> }>>();
  /** Notices not merged yet by owned partition, as of the last tick. */
  let behind: ReadonlyMap<number, number> = new Map();
  let owned: readonly number[] = [];
  /** The offset after the notices of each partition that have been taken. */
  const reached = new Map<number, number>();
  /** The logs of the owned partitions, once merging goes on in them. */
  const marks = new Map<number, LogMark>();
  let assigned = false;
  let stopping = false;
  let timer: NodeJS.Timeout | undefined;
  let ticking: Promise<void> = Promise.resolve();
  let ticksWithout = 0;
  const unreadable = createUnreadable(now);
  const watchdog = createWatchdog('merging', ['Kafka', 'MongoDB'], now);
  /** When the notice merged last was sent, epoch ms. */
  let lastNoticeAt = 0;

  const offsets = createOffsetCommitter(
    (next) =>
      consumer.commit(
        [...next].map(([partition, offset]) => ({ topic: 'metric-changes', partition, offset })),
      ),
    logger,
  );

  const lag = () => [...behind.values()].reduce((sum, n) => sum + n, 0);

  const senderOf = (name: string) => {
    let sender = senders.get(name);
    if (!sender) {
      sender = kafka.transactionalSender(`${options.group}.${name}`);
      // One that could not be had is asked for anew.
      sender.catch(() => senders.delete(name));
      senders.set(name, sender);
    }
    return sender;
  };
  const drop = async (name: string) => {
    const sender = senders.get(name);
    senders.delete(name);
    await sender?.then((it) => it.close()).catch(() => undefined);
  };

  /** A window that is too large for the topic must not keep all others of its partition waiting. */
  const passOver = (error: unknown) => {
    if (!(error instanceof RecordsTooLarge)) throw error;
    telemetry.tooLarge.inc(error.keys.length);
    logger.error(
      { err: error, windows: error.keys },
      'windows are not on the topic: raise its max.message.bytes',
    );
  };

  const publish = async (name: string, records: readonly OutputRecord[]) => {
    try {
      const sender = await senderOf(name);
      await sender.send('metrics', records).catch(passOver);
    } catch (error) {
      await drop(name);
      throw error;
    }
    telemetry.merged.inc(records.length);
  };
  const mergeRound = async (windows: readonly string[], partition: number, after: Timestamp | undefined) => {
    const took = telemetry.mergeSeconds.startTimer();
    await publish(`${partition}`, await merge(windows, after));
    took();
  };
  const further = createFurtherWindows({
    merge: async (windows, partition, after) =>
      publish(`${partition}.further`, await options.mergeFurther(windows, after)),
    onMerged: (partition) => noteReached(partition),
    logger,
  });
  const noteReached = (partition: number) => {
    const next = reached.get(partition);
    if (next !== undefined) offsets.note(partition, further.resumeAt(partition, next));
  };

  /** Merges what a batch names; returns early when told to stop, as the next owner reads the notices again. */
  const mergeNotices = async (batch: Batch, control: BatchControl) => {
    const { topic, partition } = batch;
    const { rounds, further: later, bad } = planRounds(batch.records, now(), MERGED_AT_ONCE);
    for (const offset of bad) {
      telemetry.badNotices.inc();
      logger.warn({ topic, partition, offset }, 'a notice names no window; it is passed over');
    }
    const after = committedAt(batch.records);
    further.add(partition, later, after);
    for (const { windows, done } of rounds) {
      if (stopping) return;
      if (windows.length > 0) await mergeRound(windows, partition, after);
      watchdog.moved();
      if (!control.isCurrent()) return;
      // Kept as it grows: a rebalance amid a batch must not repeat all of it.
      if (!done) continue;
      lastNoticeAt = done.timestamp;
      if (batch.mark) marks.set(partition, batch.mark);
      reached.set(partition, done.offset + 1);
      noteReached(partition);
      control.resolve(done.offset);
    }
  };

  const onBatch: Parameters<typeof consumer.start>[0]['onBatch'] = async (batch, control) => {
    if (batch.records.length === 0) return;
    const began = performance.now();
    await mergeNotices(batch, control);
    // The next owner goes on from there.
    if (stopping) await offsets.flush();
    const isLast = batch.next >= batch.end;
    const gather = isOfBacklog(batch.records.at(-1)!) ? GATHER_BACKLOG_MS : GATHER_MS;
    if (isLast && !stopping) await sleep(Math.max(0, gather - (performance.now() - began)));
  };

  /** Goes on where the group has got to, wherever the log begins by now. */
  const begin = (partitions: readonly number[]) => {
    const mine = owned;
    const positions = async (wanted: readonly number[]) => {
      const [{ bounds }, merged, noted] = await Promise.all([
        kafka.knownBounds(['metric-changes']),
        kafka.committed(options.group, 'metric-changes'),
        progress.read(),
      ]);
      const found = new Map<number, MergePosition>();
      const place = async (bound: PartitionBounds) => {
        const { partition } = bound;
        found.set(partition, await mergePosition(bound, merged.get(partition), noted.get(partition), kafka));
      };
      const known = bounds.get('metric-changes')!.filter(({ partition }) => wanted.includes(partition));
      // One whose leader does not answer is asked for again.
      await Promise.allSettled(known.map(place));
      await mendLosses(found);
      return found;
    };
    const isWanted = () => !stopping && owned === mine;
    void beginAt(consumer, 'metric-changes', partitions, positions, isWanted, (found) => {
      for (const [partition, { offset, mark, loss }] of found) {
        marks.set(partition, mark);
        // Or the group's position would go on to tell of another log.
        if (loss) offsets.note(partition, offset);
      }
    });
  };
  /** Before it goes on behind them: dying in between, the next owner finds the same. */
  const mendLosses = async (positions: ReadonlyMap<number, MergePosition>): Promise<void> => {
    const lost = [...positions].filter(([, { loss }]) => loss !== undefined);
    if (lost.length === 0) return;
    const windows = await options.announceUnmerged(new Set(lost.map(([partition]) => partition)));
    for (const [partition, { offset, loss }] of lost)
      logger.warn(
        { topic: 'metric-changes', partition, to: offset, loss, windows },
        'notices of changed windows are lost; windows that are not merged have been announced again',
      );
  };

  const tick = async () => {
    // Usually done already; one that failed is tried again. Not waited for: it may take long when the group is in disorder.
    void offsets.flush();
    const [{ bounds }, merged] = await Promise.all([
      kafka.knownBounds(['metric-changes']),
      kafka.committed(options.group, 'metric-changes'),
    ]);
    const mine = bounds.get('metric-changes')!.filter(({ partition }) => owned.includes(partition));
    // Of a partition that can't be asked now, what was seen last is all that is known.
    const known = new Map(behind);
    for (const { partition, low, high } of mine) {
      // Further documents keep the group's position behind what has been taken.
      const at = Math.max(merged.get(partition) ?? low, reached.get(partition) ?? low);
      // A position beyond the log is of another one: of this one nothing is merged.
      known.set(partition, high - (at > high ? low : Math.max(at, low)));
    }
    behind = known;
    watchdog.answered('Kafka');
    watchdog.waits(lag() > 0);
    await options.checkCatalog();
    telemetry.mergeLag.set(lag());
    telemetry.furtherWaiting.set(further.size);
    await progress.note(
      mine.map(({ partition, high }) => {
        const offset = merged.get(partition);
        const mark = marks.get(partition);
        const log = mark && offset !== undefined ? { ...storedLog(mark, high), offset } : undefined;
        return { partition, behind: behind.get(partition)!, log };
      }),
    );
    watchdog.answered('MongoDB');
    // Counted by the one that looks after it.
    if (!owned.includes(0)) telemetry.openWindows.set(0);
    // Seldom in a backlog, which it lengthens; live traffic always has a few waiting.
    else if (lag() < MERGED_AT_ONCE || ++ticksWithout >= FINALIZE_TICKS) {
      ticksWithout = 0;
      await finalize();
    }
  };
  const keepTicking = () => {
    timer = setTimeout(() => {
      ticking = tick().catch((error) => {
        if (error instanceof ProcessorError && error.code === 'CATALOG_CHANGED') options.onCrash(error);
        else logger.warn({ err: error }, 'looking after progress failed');
      });
      void ticking.then(() => {
        if (!stopping) keepTicking();
      });
    }, TICK_MS);
  };

  return {
    start: async () => {
      await consumer.start({
        onAssigned: (assignment) => {
          const partitions = assignment.flatMap((part) => part.partitions);
          assigned = true;
          owned = partitions;
          unreadable.clear();
          behind = new Map();
          marks.clear();
          reached.clear();
          further.forget();
          offsets.forget();
          for (const name of senders.keys()) {
            if (!partitions.includes(Number.parseInt(name, 10))) void drop(name);
          }
          begin(partitions);
        },
        onBatch,
        onPositionLost: (_topic, partition) => {
          marks.delete(partition);
          reached.delete(partition);
          begin([partition]);
        },
        onTrouble: unreadable.note,
        onCrash: options.onCrash,
      });
      keepTicking();
    },
    stop: async () => {
      stopping = true;
      clearTimeout(timer);
      await Promise.all([ticking, further.stop(), consumer.stop()]);
      await Promise.all([...senders.keys()].map(drop));
    },
    status: () => ({
      assigned,
      lag: lag(),
      isBehind: lag() > 0 && options.now() - lastNoticeAt > CAUGHT_UP_MS,
      complaints: [...watchdog.complaints(), ...unreadable.complaints()],
    }),
  };
}
