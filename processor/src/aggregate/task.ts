import { type Fate, parseWindowId, type StoredLoss, type TopicName, windowEnd } from '@storepulse/contracts';
import type { ClientSession } from 'mongodb';
import type { Logger } from 'pino';
import { createPutAside } from '../dead-letters/put-aside.ts';
import type { Decoder } from '../decode/decoder.ts';
import type { Erasure } from '../erasure/erasure.ts';
import { ProcessorError } from '../errors.ts';
import type { Batch, BatchControl, Kafka, LogMark, PartitionBounds, Sender } from '../kafka/port.ts';
import type { TaskState, Telemetry } from '../operate/telemetry.ts';
import { createWatchdog } from '../operate/watchdog.ts';
import type { Shops } from '../shops.ts';
import type { NoteClaim } from '../store/claim-note.ts';
import type { Database } from '../store/database.ts';
import { takingTurns } from '../taking-turns.ts';
import { createAnnouncer } from './announcer.ts';
import { type Claim, endClaim } from './claim.ts';
import { type CommitContent, NO_STATES } from './commit.ts';
import type { CommitSize } from './commit-size.ts';
import type { Committer } from './commit-together.ts';
import { createBatchDecoder } from './decode-batch.ts';
import type { EventIds } from './event-ids.ts';
import { foldDelta } from './fold.ts';
import type { Heartbeat } from './heartbeats.ts';
import { createPace } from './pace.ts';
import { partialWrite } from './partial-write.ts';
import type { PartialCache } from './partials.ts';
import { createPlacement } from './placement.ts';
import type { Plan } from './plan.ts';
import { type StartingPositions, storedLogs } from './positions.ts';
import { createReadProgress } from './read-progress.ts';
import type { Sessions } from './sessions.ts';
import { spread } from './spread.ts';
import type { Tallier } from './tally.ts';
import type { Watermarks } from './watermarks.ts';

/** Lag that steady traffic has anyhow. */
const CAUGHT_UP_MS = 10_000;
const PRUNE_EVERY_COMMITS = 200;
/** Of a window longer than the finest a change is announced once in the time of so many commits. */
const COARSE_PERIOD_COMMITS = 4;
/** Records of a batch that are taken before the first commit after a claim: of history, 500 change thousands of windows. */
const FIRST_RECORDS = 50;

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

/** Counts and commits what comes, until the task is closed or lost. */
export function runTask(parts: TaskParts, dependencies: TaskDependencies): Task {
  const { claim, commitSize, tallier, watermarks, partials, onLost } = parts;
  const { positions, marks } = parts.start;
  const { database, shops, plan, sender, telemetry, now, commitIntervalMs } = dependencies;
  const progress = createReadProgress({
    bounds: parts.bounds,
    askedAt: parts.boundsAskedAt,
    positions,
    watermarks,
    levelAt: claim.checkpoint.levelAt ?? 0,
    now,
  });
  const { ends, lag } = progress;
  const { settleTo = progress.watermarks } = dependencies;
  const id = claim.task;
  const decodeBatch = createBatchDecoder(dependencies.decoder, shops);
  const putAside = createPutAside(dependencies);
  const placement = createPlacement(id, dependencies.partitions, dependencies.logger);
  const erasure = dependencies.erasureOf(id, claim.reads);
  const fates: Partial<Record<Fate, number>> = { ...claim.checkpoint.fates };
  let late = claim.checkpoint.late;
  let seq = claim.checkpoint.seq;
  const announcer = createAnnouncer({
    sender,
    task: id,
    publishedSeq: seq,
    held: parts.unannounced,
    periodMs: COARSE_PERIOD_COMMITS * commitIntervalMs,
  });
  let valid = true;
  let draining = false;
  let lost: Error | undefined;
  const pace = createPace(commitIntervalMs);
  let timer: NodeJS.Timeout | undefined;
  let timerDue = 0;
  let running: Promise<void> | undefined;
  let flushing: Promise<void> | undefined;
  let lastRecordAt: number | undefined;
  const watchdog = createWatchdog(id, ['MongoDB'], now);

  /** A shop that was taken off its topic is not known after a restart: its visits wait until it is told again. */
  const ofKnownShops = (reached: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(reached).filter(([shop]) => shops.get(shop) !== undefined));
  /** Whether a window has not ended at these watermarks. */
  const openAt = (reached: Readonly<Record<string, number>>) => (window: string) => {
    const { shop, resolution, start } = parseWindowId(window);
    const known = shops.get(shop);
    const end = known && windowEnd(resolution, start, known.calendar);
    return end === null || (end !== undefined && end > (reached[shop] ?? 0));
  };
  const lose = (error: Error) => {
    if (!valid) {
      // The group told of the new owner before a write of ours that was under way was refused.
      if (error instanceof ProcessorError && error.code === 'FENCED') telemetry.fenced.inc();
      return;
    }
    valid = false;
    lost = error;
    clearTimeout(timer);
    onLost(error);
  };

  const commitOnce = async () => {
    const began = performance.now();
    const next = seq + 1;
    const offsets = Object.fromEntries(positions);
    const isSmall = pace.isSmall(tallier.size);
    const tally = tallier.take(next);
    const misplaced = placement.take();
    for (const [fate, n] of Object.entries(tally.fates)) fates[fate as Fate] = (fates[fate as Fate] ?? 0) + n;
    late += tally.late;
    const logs = storedLogs(marks, ends);
    const checkpoint = {
      offsets,
      logs,
      ...progress.read(),
      fates: { ...fates },
      late,
      publishedSeq: announcer.publishedSeq(),
    };

    const added = foldDelta(tally.delta, plan, (shop) => shops.get(shop)!, now());
    const [touched] = await Promise.all([
      spread(added, partials, dependencies.partitions, telemetry.noteSpread),
      // Before the commit that passes them: a crash in between repeats a dead letter, and never loses one.
      putAside(tally.deadLetters),
    ]);
    const writes: CommitContent['partials'] = [];
    const turns = takingTurns();
    for (const [window, change] of touched) {
      await turns();
      writes.push(partialWrite(id, window, change, next, partials));
    }
    const { sessions, eventIds } = tally;
    // Read again, the log tells of states that are long outdated, also of customers who have been erased since.
    const { records, annotations } = dependencies.keysOnly ? NO_STATES : tally;
    const [facts, step] = await Promise.all([erasure.clear(tally.facts), erasure.step(tally.people)]);
    const content = {
      ...{ checkpoint, partials: writes, sessions, facts, records, annotations, eventIds },
      erasure: step,
    };
    const at = await dependencies.committer.commit(
      { claim, seq: next, content },
      isSmall,
      () => valid,
      () => telemetry.retries.inc(),
    );
    seq = next;
    commitSize.grow();
    telemetry.noteCommit(tally, touched.size, now());
    telemetry.noteMisplaced(misplaced);
    watchdog.answered('MongoDB');
    watchdog.moved();
    partials.noteStored(touched.keys(), next);
    await announcer.announce(
      { seq, at, ofBacklog: pace.isBacklog(lag()) },
      touched,
      openAt(progress.watermarks()),
    );
    parts.forget();
    if (seq % PRUNE_EVERY_COMMITS === 0) await parts.prune();
    const durationMs = performance.now() - began;
    pace.noteCommit(durationMs);
    telemetry.commitSeconds.observe(durationMs / 1_000);
  };
  /** Starts a step, or joins the one that runs. */
  const start = (step: () => Promise<void>): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    running ??= step()
      .catch(lose)
      .finally(() => {
        running = undefined;
        schedule();
      });
    return running;
  };
  const startFlush = (): Promise<void> => {
    flushing = start(announcer.flush).finally(() => {
      flushing = undefined;
    });
    return flushing;
  };
  /** Starts a commit, or joins the one that runs. */
  const startCommit = (): Promise<void> => (flushing ? flushing.then(startCommit) : start(commitOnce));
  const schedule = () => {
    if (!valid || running) return;
    const due = tallier.size > 0 ? pace.dueAt(tallier.size, lag()) : announcer.dueAt();
    if (due === undefined) return;
    // What came meanwhile may have made it due sooner.
    if (timer && due >= timerDue) return;
    clearTimeout(timer);
    timerDue = due;
    timer = setTimeout(() => (tallier.size > 0 ? startCommit() : startFlush()), due - Date.now());
  };

  // What the claim could not announce is tried again also when nothing comes.
  schedule();

  return {
    id,
    positions,
    marks,
    losses: [...(claim.checkpoint.losses ?? []), ...parts.start.losses],
    state: () => ({
      lag: lag(),
      lagMs: lag() === 0 || lastRecordAt === undefined ? 0 : Math.max(0, now() - lastRecordAt),
      watermarks: progress.watermarks(),
      windows: partials.size,
      visits: parts.sessions.size,
      eventIds: parts.eventIds.size,
    }),
    isBehind: () => lag() > 0 && (lastRecordAt === undefined || now() - lastRecordAt > CAUGHT_UP_MS),
    complaints: () => [...watchdog.complaints(), ...announcer.complaints()],
    process: async (batch, control) => {
      const { topic, partition, records, next, end } = batch;
      progress.noteEnd(topic, end);
      const decoded = await decodeBatch(batch, positions.get(topic)!);
      // A task that was waited for shows something soon; the rest is handed over again.
      const isFirst = seq === claim.checkpoint.seq && !running;
      const most = Math.min(isFirst ? FIRST_RECORDS : Number.POSITIVE_INFINITY, commitSize.records);
      const entries = decoded.length > most ? decoded.slice(0, most) : decoded;
      const reached = entries.length < decoded.length ? entries.at(-1)!.record.offset + 1 : next;
      // Before loading: a commit's end may push loaded state out of memory again.
      while (valid && !draining && tallier.isFull()) await startCommit();
      if (!valid || draining) return;
      const release = await tallier.load(entries);
      // Of a task that has ended nothing needs to be let go.
      if (!valid || draining) return;
      for (const entry of entries) {
        if (entry.decoded.kind !== 'unreadable') placement.note(topic, partition, entry.record);
        tallier.add(topic, partition, entry);
      }
      release();
      lastRecordAt = (entries.at(-1)?.record ?? records.at(-1))?.timestamp ?? lastRecordAt;
      positions.set(topic, Math.max(reached, positions.get(topic)!));
      if (batch.mark) marks.set(topic, batch.mark);
      watchdog.moved();
      control.resolve(reached - 1);
      if (entries.length > 0) schedule();
    },
    noteEnds: (seen, askedAt = now()) => {
      for (const topic of progress.noteAskedEnds(seen, askedAt))
        lose(new Error(`the log of ${topic} has become shorter`));
      watchdog.waits(lag() > 0);
    },
    settle: async () => {
      let more = true;
      while (more && valid && !draining) {
        if (tallier.isFull()) await startCommit();
        more = await tallier.settle(ofKnownShops(settleTo(watermarks)));
        // Committed before the next look, which would find the same visits again.
        if (more && tallier.size > 0) await startCommit();
      }
      if (tallier.size > 0) schedule();
    },
    erase: async () => {
      // Orders found while a commit runs go with the next one.
      if (valid && !draining && (await erasure.look())) await startCommit();
    },
    heartbeat: () => {
      if (!valid || running || tallier.size > 0) return undefined;
      return {
        filter: { _id: id, epoch: claim.epoch, seq },
        update: {
          $set: {
            ...progress.read(),
            logs: storedLogs(marks, ends),
            publishedSeq: announcer.publishedSeq(),
            updatedAt: new Date(),
          },
        },
      };
    },
    answered: () => watchdog.answered('MongoDB'),
    checkOwner: async () => {
      const stored = await database.checkpoints.findOne(
        { _id: id },
        { session: claim.reads, projection: { epoch: 1 } },
      );
      if (valid && stored?.epoch !== claim.epoch)
        lose(new ProcessorError('FENCED', `${id}: claimed by another owner`));
    },
    drain: async () => {
      draining = true;
      while (valid && (running || tallier.size > 0)) await startCommit();
      if (valid && announcer.dueAt() !== undefined) await startFlush();
      if (lost) throw lost;
    },
    close: async () => {
      valid = false;
      clearTimeout(timer);
      await running;
      await endClaim(claim);
    },
  };
}
