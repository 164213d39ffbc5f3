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

/** Windows merged in one go: some megabytes. */
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
 * @param merge merges and publishes windows of a partition
 * @param onMerged told when some of a partition have been merged
 */
export function createFurtherWindows(options: {
  merge: (windows: readonly string[], partition: number, after: Timestamp | undefined) => Promise<void>;
  onMerged: (partition: number) => void;
  logger: Pick<Logger, 'warn'>;
}): FurtherWindows {
  const { merge, onMerged, logger } = options;
  let waiting = new Map<number, Waiting>();
  /** What is being merged: where reading would have to begin again for it. */
  let taken: { readonly partition: number; readonly from: number } | undefined;
  let running: Promise<void> | undefined;
  const stopped = new AbortController();

  const size = () => [...waiting.values()].reduce((sum, { windows }) => sum + windows.size, 0);
  const rest = (ms: number) => sleep(ms, undefined, { signal: stopped.signal }).catch(() => undefined);

  const mergeSome = async (partition: number, { windows, after }: Waiting) => {
    const some: [string, number][] = [];
    for (const entry of windows) {
      some.push(entry);
      if (some.length === AT_ONCE) break;
    }
    // Taken out first: what is noticed of them from now on may come too late for this merge.
    for (const [id] of some) windows.delete(id);
    taken = { partition, from: Math.min(...some.map(([, offset]) => offset)) };
    try {
      await merge(
        some.map(([id]) => id),
        partition,
        after,
      );
    } catch (error) {
      for (const [id, offset] of some) windows.set(id, Math.min(offset, windows.get(id) ?? offset));
      throw error;
    } finally {
      taken = undefined;
    }
  };

  const work = async () => {
    while (!stopped.signal.aborted) {
      const [next] = [...waiting].filter(([, { windows }]) => windows.size > 0);
      if (!next) return;
      const [partition, its] = next;
      const began = performance.now();
      try {
        await mergeSome(partition, its);
        // The partitions take turns.
        if (waiting.get(partition) === its) {
          waiting.delete(partition);
          waiting.set(partition, its);
          onMerged(partition);
        }
        await rest(restAfter(performance.now() - began, size()));
      } catch (error) {
        logger.warn({ err: error, partition }, 'merging further documents failed; trying again');
        await rest(RETRY_MS);
      }
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
      let least = taken?.partition === partition ? Math.min(next, taken.from) : next;
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
