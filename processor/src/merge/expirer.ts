import type { Sender } from '../kafka/port.ts';
import type { Database } from '../store/database.ts';
import { createWindowsAsker, ROUND } from './ask-for-windows.ts';

/** Rounds in one go: more wait for the next one. */
const MOST_ROUNDS = 10;

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
  const asker = createWindowsAsker('expired', sender, now);
  const askForDue = () => {
    const due = { expireAt: { $lte: new Date(now()) } };
    return asker.ask(database.metrics.find(due, { projection: { _id: 1 }, batchSize: ROUND }));
  };
  return async () => {
    asker.forgetOld();
    for (let round = 0; round < MOST_ROUNDS && (await askForDue()); round++);
  };
}
