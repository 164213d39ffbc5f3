import { type Fate, parseWindowId, windowEnd } from '@storepulse/contracts';
import { createPutAside } from '../dead-letters/put-aside.ts';
import type { Erasure } from '../erasure/erasure.ts';
import type { Watchdog } from '../operate/watchdog.ts';
import { takingTurns } from '../taking-turns.ts';
import { createAnnouncer } from './announcer.ts';
import { type CommitContent, NO_STATES } from './commit.ts';
import { foldDelta } from './fold.ts';
import { type Behind, createPace } from './pace.ts';
import { partialWrite } from './partial-write.ts';
import type { Placement } from './placement.ts';
import { storedLogs } from './positions.ts';
import type { ReadProgress } from './read-progress.ts';
import { spread } from './spread.ts';
import type { TaskDependencies, TaskParts } from './task.ts';
import { createTraffic } from './traffic.ts';

const PRUNE_EVERY_COMMITS = 200;
/** Of a window longer than the finest a change is announced once in the time of so many commits. */
const COARSE_PERIOD_COMMITS = 4;

/** Commits what a task has counted, and announces it: when it is due, and when it is asked to. */
export interface TaskCommits {
  /** The last commit. */
  seq(): number;
  /** The last commit up to which everything is announced. */
  publishedSeq(): number;
  /** Whether a commit or an announcement is under way. */
  isRunning(): boolean;
  /** Starts a commit, or joins the one that is under way; returns when it is done, or has cost the task. */
  commit(): Promise<void>;
  /** Commits and announces until nothing is left, or the task is lost. */
  commitAll(): Promise<void>;
  /** Has the next commit come in time for what there is now. */
  schedule(): void;
  /** Commits nothing more; returns when none is under way. */
  end(): Promise<void>;
  /** What is wrong, one sentence each. */
  complaints(): string[];
}

/** What the commits of a task work with. */
export interface TaskCommitsParts extends TaskParts {
  readonly progress: ReadProgress;
  readonly placement: Placement;
  readonly erasure: Erasure;
  readonly watchdog: Watchdog;
  /** How far the task is behind. */
  readonly behind: () => Behind;
  /** Whether the task is still ours, as far as it is known. */
  readonly isValid: () => boolean;
  /** Told of the error that a commit ended with: the task is lost. */
  readonly lose: (error: Error) => void;
}

/** Builds it; what the claim could not announce is tried again also when nothing comes. */
export function createTaskCommits(parts: TaskCommitsParts, dependencies: TaskDependencies): TaskCommits {
  const { claim, commitSize, tallier, partials, progress, placement, erasure, watchdog, isValid } = parts;
  const { positions, marks } = parts.start;
  const { shops, plan, sender, telemetry, now, commitIntervalMs } = dependencies;
  const { ends } = progress;
  const id = claim.task;
  const putAside = createPutAside(dependencies);
  const pace = createPace(commitIntervalMs);
  const traffic = createTraffic();
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
  let timer: NodeJS.Timeout | undefined;
  let timerDue = 0;
  let running: Promise<void> | undefined;
  let flushing: Promise<void> | undefined;

  /** Whether a window has not ended at these watermarks. */
  const openAt = (reached: Readonly<Record<string, number>>) => (window: string) => {
    const { shop, resolution, start } = parseWindowId(window);
    const known = shops.get(shop);
    const end = known && windowEnd(resolution, start, known.calendar);
    return end === null || (end !== undefined && end > (reached[shop] ?? 0));
  };
  const commitOnce = async () => {
    const began = performance.now();
    const next = seq + 1;
    const offsets = Object.fromEntries(positions);
    const isSmall = pace.isSmall(tallier.size);
    const isQuiet = traffic.isQuiet(tallier.size);
    traffic.note(tallier.size);
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
    const at = await dependencies.committer.commit({ claim, seq: next, content }, isSmall, isValid, () =>
      telemetry.retries.inc(),
    );
    seq = next;
    commitSize.grow();
    telemetry.noteCommit(tally, touched.size, now());
    telemetry.noteMisplaced(misplaced);
    watchdog.answered('MongoDB');
    watchdog.moved();
    partials.noteStored(touched.keys(), next);
    await announcer.announce(
      { seq, at, isQuiet, ofBacklog: pace.isBacklog(parts.behind()) },
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
      .catch(parts.lose)
      .finally(() => {
        running = undefined;
        schedule();
      });
    return running;
  };
  const flush = (): Promise<void> => {
    flushing = start(announcer.flush).finally(() => {
      flushing = undefined;
    });
    return flushing;
  };
  const commit = (): Promise<void> => (flushing ? flushing.then(commit) : start(commitOnce));
  const commitDueAt = () => pace.dueAt(tallier.size, parts.behind(), traffic.isQuiet(tallier.size));
  const schedule = () => {
    if (!isValid() || running) return;
    const due = tallier.size > 0 ? commitDueAt() : announcer.dueAt();
    if (due === undefined) return;
    // What came meanwhile may have made it due sooner.
    if (timer && due >= timerDue) return;
    clearTimeout(timer);
    timerDue = due;
    timer = setTimeout(() => (tallier.size > 0 ? commit() : flush()), due - Date.now());
  };

  schedule();
  return {
    seq: () => seq,
    publishedSeq: announcer.publishedSeq,
    isRunning: () => running !== undefined,
    commit,
    commitAll: async () => {
      while (isValid() && (running || tallier.size > 0)) await commit();
      if (isValid() && announcer.dueAt() !== undefined) await flush();
    },
    schedule,
    end: async () => {
      clearTimeout(timer);
      await running;
    },
    complaints: announcer.complaints,
  };
}
