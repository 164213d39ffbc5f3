import { announce } from '../aggregate/announce.ts';
import { PartitionsUnavailable } from '../errors.ts';
import type { Sender } from '../kafka/port.ts';
import type { Database } from '../store/database.ts';

/** Windows asked to be ended in one round … */
const ROUND = 500;
/** … and rounds in one go: more wait for the next one. */
const MOST_ROUNDS = 10;
/** A window is asked for again when it is still there by then. */
const REPEAT_MS = 30_000;

/**
 * Finds windows whose time to be kept has passed, and sends a notice for each: the owner of the window takes it off the
 * store, and off the topic `metrics` by a tombstone. Without it the compacted topic would keep every window for ever.
 */
export function createExpirer(options: {
  database: Pick<Database, 'metrics'>;
  sender: Sender;
  now: () => number;
}): () => Promise<void> {
  const { database, sender, now } = options;
  const asked = new Map<string, number>();

  const endRound = async (): Promise<boolean> => {
    const due = { expireAt: { $lte: new Date(now()) } };
    const found = database.metrics.find(due, { projection: { _id: 1 }, batchSize: ROUND });
    const windows: string[] = [];
    for await (const { _id } of found) {
      if (asked.has(_id)) continue;
      asked.set(_id, now());
      if (windows.push(_id) === ROUND) break;
    }
    try {
      await announce(sender, { task: 'expired', seq: 0, at: undefined }, windows);
    } catch (error) {
      // Those of a partition without a leader are asked for again later.
      if (!(error instanceof PartitionsUnavailable)) throw error;
    }
    return windows.length === ROUND;
  };
  return async () => {
    for (const [window, at] of asked) if (now() - at > REPEAT_MS) asked.delete(window);
    for (let round = 0; round < MOST_ROUNDS && (await endRound()); round++);
  };
}
