import type { Logger } from 'pino';

/** Commits offsets of one topic behind its user's back: what hangs on them is a restart, which repeats what is not committed. */
export interface OffsetCommitter {
  /** Notes the next offset of a partition and commits it soon; of those that come while a commit runs, the last counts. */
  note(partition: number, offset: number): void;
  /** Waits until all that was noted is committed, or could not be; that is tried again with the next note or flush. */
  flush(): Promise<void>;
  /** Drops what is not committed: another may own the partitions now. */
  forget(): void;
}

/** Builds a committer. @param commit commits the next offsets of some partitions */
export function createOffsetCommitter(
  commit: (offsets: ReadonlyMap<number, number>) => Promise<void>,
  logger: Pick<Logger, 'debug'>,
): OffsetCommitter {
  let waiting = new Map<number, number>();
  let running: Promise<void> | undefined;
  /** Raised by `forget`: what fails after it is not kept. */
  let generation = 0;

  const run = async () => {
    while (waiting.size > 0) {
      const current = generation;
      const offsets = waiting;
      waiting = new Map();
      try {
        await commit(offsets);
      } catch (error) {
        logger.debug({ err: error }, 'committing offsets failed; trying again later');
        if (current === generation) waiting = new Map([...offsets, ...waiting]);
        return;
      }
    }
  };
  const start = (): Promise<void> => {
    running ??= run().finally(() => {
      running = undefined;
    });
    return running;
  };

  return {
    note: (partition, offset) => {
      waiting.set(partition, offset);
      void start();
    },
    flush: start,
    forget: () => {
      generation++;
      waiting = new Map();
    },
  };
}
