import { RESOLUTIONS, type Resolution } from '@storepulse/contracts';
import type { Timestamp } from 'mongodb';
import type { Sender } from '../kafka/port.ts';
import { announceWhereLed } from './announce.ts';

/** A commit whose windows are announced. */
export interface AnnouncedCommit {
  readonly seq: number;
  /** When it was committed, by the server's time. */
  readonly at: Timestamp | undefined;
  /** Whether few records come: somebody looks for each, and merges are few. */
  readonly isQuiet: boolean;
  /** Whether more is waiting to be counted, so that these values soon change again. */
  readonly ofBacklog: boolean;
}

/**
 * Announces the windows that a task's commits change. A window longer than the finest changes with every commit and is
 * expensive to merge, so of each such window one change is announced in each period, and what comes after it when the
 * period ends. In quiet traffic nothing is held back. A window that has ended is announced at once: readers take it for
 * complete, and a change that is not merged for a gap. Windows whose partition of `metric-changes` has no leader are held back as well, until it has one.
 */
export interface Announcer {
  /**
   * Announces a commit's windows, and those held back that are due.
   * @param isOpen whether event time has not reached a window's end
   * @throws the sender's error
   */
  announce(
    commit: AnnouncedCommit,
    windows: Iterable<readonly [id: string, window: { readonly ref: { readonly resolution: Resolution } }]>,
    isOpen: (window: string) => boolean,
  ): Promise<void>;
  /** Announces all that is held back. @throws the sender's error */
  flush(): Promise<void>;
  /** The last commit up to which everything is announced. */
  publishedSeq(): number;
  /** When windows that are held back are due, epoch ms; undefined: none is held back. */
  dueAt(): number | undefined;
  /** What is wrong, in one sentence; none when all partitions of notices have leaders. */
  complaints(): string[];
}

const isCoarse = (resolution: Resolution) => resolution !== RESOLUTIONS[0];

/**
 * Builds it. Periods begin at whole multiples of their length, so that all tasks announce a window at the same time.
 * @param options.publishedSeq the commit up to which everything was announced before
 * @param options.held windows that could not be announced before, with the first commit that was not. @default none
 * @param options.periodMs length of a period
 * @param options.now wall clock, epoch ms. @default Date.now
 */
export function createAnnouncer(options: {
  sender: Sender;
  task: string;
  publishedSeq: number;
  held?: ReadonlyMap<string, number>;
  periodMs: number;
  now?: () => number;
}): Announcer {
  const { sender, task, periodMs, now = Date.now } = options;
  /** Coarse windows announced in this period. */
  let announced = new Set<string>();
  /** Windows that are held back, each with the first commit that is not announced, in order. */
  const held = new Map(options.held);
  /** Those of them whose partition has no leader. */
  const leaderless = new Set(held.keys());
  let last: AnnouncedCommit = { seq: options.publishedSeq, at: undefined, isQuiet: false, ofBacklog: false };
  let period = held.size > 0 ? Math.floor(now() / periodMs) : 0;
  let reason: string | undefined;

  const periodNow = () => Math.floor(now() / periodMs);
  const send = async (windows: readonly string[]) => {
    const { seq } = last;
    const refused = await announceWhereLed(sender, { task, ...last }, windows);
    for (const window of windows) leaderless.delete(window);
    for (const window of refused?.windows ?? []) {
      leaderless.add(window);
      if (!held.has(window)) held.set(window, seq);
    }
    for (const window of windows) if (!leaderless.has(window)) held.delete(window);
    if (refused || held.size === 0) reason = refused?.reason;
  };

  return {
    announce: async (commit, windows, isOpen) => {
      last = commit;
      const due = new Set<string>();
      const current = periodNow();
      if (current !== period) {
        period = current;
        announced = new Set(held.keys());
        for (const window of held.keys()) due.add(window);
      } else {
        for (const window of held.keys()) {
          if (!leaderless.has(window) && (commit.isQuiet || !isOpen(window))) due.add(window);
        }
      }
      for (const [window, { ref }] of windows) {
        if (!isCoarse(ref.resolution) || due.has(window)) due.add(window);
        else if (announced.has(window) && isOpen(window) && !commit.isQuiet)
          held.set(window, held.get(window) ?? commit.seq);
        else {
          announced.add(window);
          due.add(window);
        }
      }
      await send([...due]);
    },
    flush: () => {
      period = periodNow();
      announced = new Set(held.keys());
      return send([...held.keys()]);
    },
    publishedSeq: () => {
      const [first] = held.values();
      return first === undefined ? last.seq : first - 1;
    },
    dueAt: () => (held.size === 0 ? undefined : (period + 1) * periodMs),
    complaints: () =>
      reason === undefined ? [] : [`${task}: changed windows can't be announced: ${reason}`],
  };
}
