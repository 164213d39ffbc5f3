import { setTimeout as sleep } from 'node:timers/promises';
import type { Timestamp } from 'mongodb';
import type { Logger } from 'pino';
import { getOrCreate } from '../get-or-create.ts';

/** A further document of a window that waits to be merged. */
export interface FurtherWindow {
  readonly id: string;
  /** Of the notice that names it. */
  readonly offset: number;
}

/**
 * Merges the further documents of windows in time that is left: a shop with very many values changes thousands of them at
 * once, and nobody else's windows shall wait for those.
 */
export interface FurtherWindows {
  /** Has windows merged some time later, those that wait longest first. One that waits already is merged once. */
  add(partition: number, windows: readonly FurtherWindow[], after: Timestamp | undefined): void;
  /** Where reading has to begin again after a crash, when all notices before `next` have been taken. */
  resumeAt(partition: number, next: number): number;
  /** How many wait. */
  readonly size: number;
  /** Drops all: another may own the partitions now. */
  forget(): void;
  /** Merges no more. What waits is for the next owner, who begins with its notices. */
  stop(): Promise<void>;
}

/** Windows merged in one go, of as many partitions as have them: some megabytes. */
const AT_ONCE = 32;
/** After each go others have so many times its duration for themselves, so that it takes a fifth of the time at most … */
const REST = 4;
/** … but no longer than this: a go that takes seconds mostly waits, for a server that is away, and takes others no time … */
const LONGEST_REST_MS = 2_000;
/** … and not at all while so many wait that memory would become the limit. */
const MANY = 50_000;
const RETRY_MS = 1_000;

interface Waiting {
  /** By window: the offset of the first notice. */
  readonly windows: Map<string, number>;
  after: Timestamp | undefined;
}

/** What a go takes of one partition: windows with the offsets of their first notices. */
interface Taken {
  readonly partition: number;
  readonly its: Waiting;
  readonly windows: readonly (readonly [id: string, offset: number])[];
}

/**
 * How long others have the time for themselves after a go, in ms.
 * @param tookMs how long the go took
 * @param waiting how many windows wait
 */
export function restAfter(tookMs: number, waiting: number): number {
  return waiting < MANY ? Math.min(REST * tookMs, LONGEST_REST_MS) : 0;
}

/**
 * Builds it.
 * @param merge merges and publishes windows of a partition; called in one turn for all partitions of a go
 * @param onMerged told when some of a partition have been merged
 */
export function createFurtherWindows(options: {
  merge: (windows: readonly string[], partition: number, after: Timestamp | undefined) => Promise<void>;
  onMerged: (partition: number) => void;
  logger: Pick<Logger, 'warn'>;
}): FurtherWindows {
  const { merge, onMerged, logger } = options;
  let waiting = new Map<number, Waiting>();
  /** What is being merged, by partition: where reading would have to begin again for it. */
  const taken = new Map<number, number>();
  let running: Promise<void> | undefined;
  const stopped = new AbortController();

  const size = () => [...waiting.values()].reduce((sum, { windows }) => sum + windows.size, 0);
  const rest = (ms: number) => sleep(ms, undefined, { signal: stopped.signal }).catch(() => undefined);

  /** Takes some windows out first: what is noticed of them from now on may come too late for this merge. */
  const takeSome = (): readonly Taken[] => {
    const some: Taken[] = [];
    let room = AT_ONCE;
    for (const [partition, its] of waiting) {
      if (room === 0) break;
      const windows = firstOf(its.windows, room);
      if (windows.length === 0) continue;
      for (const [id] of windows) its.windows.delete(id);
      taken.set(partition, Math.min(...windows.map(([, offset]) => offset)));
      some.push({ partition, its, windows });
      room -= windows.length;
    }
    return some;
  };
  /** @returns whether they were merged; if not, they wait again */
  const mergeTaken = async ({ partition, its, windows }: Taken): Promise<boolean> => {
    try {
      await merge(
        windows.map(([id]) => id),
        partition,
        its.after,
      );
    } catch (error) {
      for (const [id, offset] of windows)
        its.windows.set(id, Math.min(offset, its.windows.get(id) ?? offset));
      taken.delete(partition);
      logger.warn({ err: error, partition }, 'merging further documents failed; trying again');
      return false;
    }
    taken.delete(partition);
    // The partitions take turns.
    if (waiting.get(partition) === its) {
      waiting.delete(partition);
      waiting.set(partition, its);
      onMerged(partition);
    }
    return true;
  };

  const work = async () => {
    while (!stopped.signal.aborted) {
      const some = takeSome();
      if (some.length === 0) return;
      const began = performance.now();
      const merged = await Promise.all(some.map(mergeTaken));
      const isDone = merged.every(Boolean);
      await rest(isDone ? restAfter(performance.now() - began, size()) : RETRY_MS);
    }
  };

  return {
    add: (partition, windows, after) => {
      if (windows.length === 0) return;
      const its = getOrCreate(waiting, partition, (): Waiting => ({ windows: new Map(), after: undefined }));
      for (const { id, offset } of windows) if (!its.windows.has(id)) its.windows.set(id, offset);
      if (after && (!its.after || after.greaterThan(its.after))) its.after = after;
      running ??= work().finally(() => {
        running = undefined;
      });
    },
    resumeAt: (partition, next) => {
      let least = Math.min(next, taken.get(partition) ?? next);
      for (const offset of waiting.get(partition)?.windows.values() ?? []) least = Math.min(least, offset);
      return least;
    },
    get size() {
      return size();
    },
    forget: () => {
      waiting = new Map();
    },
    stop: async () => {
      stopped.abort();
      await running;
    },
  };
}

/** The first entries of a map, which may be large. */
function firstOf<Key, Value>(map: ReadonlyMap<Key, Value>, most: number): [Key, Value][] {
  const first: [Key, Value][] = [];
  for (const entry of map) {
    if (first.length === most) break;
    first.push(entry);
  }
  return first;
}
