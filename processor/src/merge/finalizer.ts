import type { ClientSession } from 'mongodb';
import { announce } from '../aggregate/announce.ts';
import { PartitionsUnavailable } from '../errors.ts';
import type { Sender } from '../kafka/port.ts';
import { beginCausalReads } from '../store/causal-reads.ts';
import type { Database } from '../store/database.ts';
import { readProgress } from './merger.ts';
import { shopWatermark } from './watermark.ts';

/** Windows asked to be merged once more in one round. */
const ROUND = 500;
/** A window is asked for again when it has not become final by then. */
const REPEAT_MS = 30_000;
const MAX_COUNTED = 10_000;

/**
 * Finds windows whose end and lateness the shop's watermark has passed, and sends a notice for each, so that the
 * owner of the window merges it once more and sets `final`.
 */
export function createFinalizer(options: {
  database: Database;
  sender: Sender;
  tasks: readonly string[];
  latenessMs: number;
  now: () => number;
  /** Told how many windows are not final; at most 10,000 of each shop are counted. */
  noteOpen: (windows: number) => void;
}): () => Promise<void> {
  const { database, sender, tasks, latenessMs, now, noteOpen } = options;
  const asked = new Map<string, number>();

  const finalize = async (reads: ClientSession) => {
    const progress = await readProgress(database, reads);
    const shops = new Set([...progress.values()].flatMap(({ watermarks }) => Object.keys(watermarks)));
    for (const [window, at] of asked) if (now() - at > REPEAT_MS) asked.delete(window);
    let windowsOpen = 0;
    for (const shop of shops) {
      const isOpen = { shop, final: false, end: { $type: 'date' } } as const;
      windowsOpen += await database.metrics.countDocuments(isOpen, {
        session: reads,
        limit: MAX_COUNTED,
      });
      const watermark = shopWatermark(shop, tasks, progress, latenessMs, now());
      if (watermark === null) continue;
      const open = database.metrics.find(
        { shop, final: false, end: { $type: 'date', $lte: new Date(watermark - latenessMs) } },
        { session: reads, projection: { _id: 1 }, batchSize: ROUND },
      );
      const windows: string[] = [];
      // However many have been asked for and can't be merged now, those behind them have their turn.
      for await (const { _id } of open) {
        if (asked.has(_id)) continue;
        asked.set(_id, now());
        if (windows.push(_id) === ROUND) break;
      }
      try {
        await announce(sender, { task: 'final', seq: 0, at: reads.operationTime }, windows);
      } catch (error) {
        // Those of a partition without a leader are asked for again later; the others, and other shops, do not wait.
        if (!(error instanceof PartitionsUnavailable)) throw error;
      }
    }
    noteOpen(windowsOpen);
  };
  return async () => {
    const reads = beginCausalReads(database.client);
    await finalize(reads).finally(() => reads.endSession());
  };
}
