import type { ClientSession } from 'mongodb';
import type { Sender } from '../kafka/port.ts';
import { beginCausalReads } from '../store/causal-reads.ts';
import type { Database } from '../store/database.ts';
import { createWindowsAsker, ROUND } from './ask-for-windows.ts';
import { readProgress } from './merger.ts';
import { shopWatermark } from './watermark.ts';

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
  const asker = createWindowsAsker('final', sender, now);

  const finalize = async (reads: ClientSession) => {
    const progress = await readProgress(database, reads);
    const shops = new Set([...progress.values()].flatMap(({ watermarks }) => Object.keys(watermarks)));
    asker.forgetOld();
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
      await asker.ask(open, reads.operationTime);
    }
    noteOpen(windowsOpen);
  };
  return async () => {
    const reads = beginCausalReads(database.client);
    await finalize(reads).finally(() => reads.endSession());
  };
}
