import type { Logger } from 'pino';
import { storedLog } from '../aggregate/positions.ts';
import { ProcessorError } from '../errors.ts';
import type { Kafka } from '../kafka/port.ts';
import type { Telemetry } from '../operate/telemetry.ts';
import type { Watchdog } from '../operate/watchdog.ts';
import type { CheckCatalog } from '../store/claim-note.ts';
import type { FurtherWindows } from './further.ts';
import { MERGED_AT_ONCE } from './merge-notices.ts';
import type { OffsetCommitter } from './offset-committer.ts';
import type { OwnedPartitions } from './owned-partitions.ts';
import type { MergeProgress } from './progress.ts';

const EVERY_MS = 2_000;
/** Of so many times these windows are looked for at least once, however many notices wait. */
const FINALIZE_EVERY = 15;

/** What the upkeep works with. */
export interface MergeUpkeepDependencies {
  readonly kafka: Pick<Kafka, 'knownBounds' | 'committed'>;
  readonly group: string;
  readonly owned: OwnedPartitions;
  readonly offsets: Pick<OffsetCommitter, 'flush'>;
  readonly further: Pick<FurtherWindows, 'size'>;
  readonly progress: Pick<MergeProgress, 'note'>;
  /** Looks for windows that have become final. */
  readonly finalize: () => Promise<void>;
  /** Looks for windows whose time to be kept has passed. */
  readonly expire: () => Promise<void>;
  readonly checkCatalog: CheckCatalog;
  readonly watchdog: Pick<Watchdog, 'answered' | 'waits'>;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
  /** Called once the catalogue is no longer this process's. */
  readonly onCrash: (error: Error) => void;
}

/**
 * Tells every two seconds how far merging is, and, for the owner of the first partition, looks for windows that have become
 * final, and for those whose time to be kept has passed.
 * @returns what ends it, and waits for what is under way
 */
export function startMergeUpkeep(dependencies: MergeUpkeepDependencies): () => Promise<void> {
  const { kafka, owned, offsets, further, progress, watchdog, telemetry, logger } = dependencies;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  let running: Promise<void> = Promise.resolve();
  let timesWithout = 0;

  const tellProgress = async () => {
    const [{ bounds }, merged] = await Promise.all([
      kafka.knownBounds(['metric-changes']),
      kafka.committed(dependencies.group, 'metric-changes'),
    ]);
    const mine = owned.look(bounds.get('metric-changes')!, merged);
    watchdog.answered('Kafka');
    watchdog.waits(owned.lag() > 0);
    await dependencies.checkCatalog();
    telemetry.mergeLag.set(owned.lag());
    telemetry.furtherWaiting.set(further.size);
    await progress.note(
      mine.map(({ partition, high }) => {
        const offset = merged.get(partition);
        const mark = owned.mark(partition);
        const log = mark && offset !== undefined ? { ...storedLog(mark, high), offset } : undefined;
        return { partition, behind: owned.behind(partition), log };
      }),
    );
    watchdog.answered('MongoDB');
  };
  const lookForDue = async () => {
    // Counted by the one that looks after it.
    if (!owned.all().includes(0)) telemetry.openWindows.set(0);
    // Seldom in a backlog, which it lengthens; live traffic always has a few waiting.
    else if (owned.lag() < MERGED_AT_ONCE || ++timesWithout >= FINALIZE_EVERY) {
      timesWithout = 0;
      await dependencies.finalize();
      await dependencies.expire();
    }
  };
  const once = async () => {
    // Usually done already; one that failed is tried again. Not waited for: it may take long when the group is in disorder.
    void offsets.flush();
    await tellProgress();
    await lookForDue();
  };
  const keepOn = () => {
    timer = setTimeout(() => {
      running = once().catch((error) => {
        if (error instanceof ProcessorError && error.code === 'CATALOG_CHANGED') dependencies.onCrash(error);
        else logger.warn({ err: error }, 'looking after progress failed');
      });
      void running.then(() => {
        if (!isOver) keepOn();
      });
    }, EVERY_MS);
  };
  keepOn();
  return async () => {
    isOver = true;
    clearTimeout(timer);
    await running;
  };
}
