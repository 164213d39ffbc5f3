import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';

/**
 * A commit that is not settled by then is given up and made again: kafkajs bounds each of its requests, but nothing bounds
 * all that it may wait for in between, and one that never ends would let no other through.
 */
const PATIENCE_MS = 60_000;

/** Commits offsets of one topic behind its user's back: what hangs on them is a restart, which repeats what is not committed. */
export interface OffsetCommitter {
  /** Notes the next offset of a partition and commits it soon; of those that come while a commit runs, the last counts. */
  note(partition: number, offset: number): void;
  /** Waits until all that was noted is committed, or could not be; that is tried again with the next note or flush. */
  flush(): Promise<void>;
  /** Drops what is not committed: another may own the partitions now. */
  forget(): void;
}

/**
 * Builds a committer.
 * @param commit commits the next offsets of some partitions
 * @param restMs between the end of a commit and the next one, unless a flush asks for it; what comes meanwhile goes
 * together. @default none
 * @param patienceMs how long a commit may take. @default 60 s
 */
export function createOffsetCommitter(
  commit: (offsets: ReadonlyMap<number, number>) => Promise<void>,
  logger: Pick<Logger, 'debug'>,
  restMs = 0,
  patienceMs = PATIENCE_MS,
): OffsetCommitter {
  let waiting = new Map<number, number>();
  let running: Promise<boolean> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let endedAt = Number.NEGATIVE_INFINITY;
  /** Raised by `forget`: what fails after it is not kept. */
  let generation = 0;

  /** Commits what waits now. @returns false when it could not */
  const once = async (): Promise<boolean> => {
    const current = generation;
    const offsets = waiting;
    waiting = new Map();
    const ended = new AbortController();
    const late = sleep(patienceMs, 'late', { ref: false, signal: ended.signal });
    try {
      if ((await Promise.race([commit(offsets), late])) === 'late')
        throw new Error(`committing offsets has not ended within ${patienceMs / 1_000} s`);
      return true;
    } catch (error) {
      logger.debug({ err: error }, 'committing offsets failed; trying again later');
      if (current === generation) waiting = new Map([...offsets, ...waiting]);
      return false;
    } finally {
      ended.abort();
      running = undefined;
      endedAt = performance.now();
    }
  };
  const start = (): Promise<boolean> => {
    clearTimeout(timer);
    timer = undefined;
    running ??= once();
    return running;
  };
  /** What failed is left to the next note or flush. */
  const goOn = (succeeded: boolean): void => {
    if (succeeded) startWhenRested();
  };
  const startWhenRested = (): void => {
    if (running || timer || waiting.size === 0) return;
    const wait = endedAt + restMs - performance.now();
    if (wait > 0) timer = setTimeout(() => void start().then(goOn), wait).unref();
    else void start().then(goOn);
  };

  return {
    note: (partition, offset) => {
      waiting.set(partition, offset);
      startWhenRested();
    },
    flush: async () => {
      let succeeded = true;
      while (succeeded && (running || waiting.size > 0)) succeeded = await start();
    },
    forget: () => {
      generation++;
      waiting = new Map();
    },
  };
}
