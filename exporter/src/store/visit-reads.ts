import { COLLECTIONS, type SessionState } from '@storepulse/contracts';
import type { ClientSession, Db, Filter } from 'mongodb';
import type { VisitSelection } from '../visits/visit-row.ts';
import { batchesOf } from './batches.ts';
import type { ReadOptions } from './read-options.ts';
import type { MetricStore } from './store.ts';

/** Visits per message of the server. */
const BATCH = 1_000;

/** Reads visits, by the index on shop and begin that `processor/src/store/database.ts` declares. */
export function createVisitReads(
  db: Db,
  limitsOf: (options?: ReadOptions) => { maxTimeMS: number; session: ClientSession; signal?: AbortSignal },
): Pick<MetricStore, 'visitCount' | 'visits'> {
  const sessions = db.collection<SessionState>(COLLECTIONS.sessions);
  const filterOf = ({ shop, from, to }: VisitSelection): Filter<SessionState> => ({
    shop,
    firstTime: { $gte: from, $lt: to },
  });
  return {
    visitCount: (selection, most, options) =>
      sessions.countDocuments(filterOf(selection), { ...limitsOf(options), limit: most }),
    visits: (selection, options) =>
      batchesOf(
        sessions.find(filterOf(selection), {
          ...limitsOf(options),
          ...{ raw: true, batchSize: BATCH },
          projection: {
            ...{ _id: 0, firstTime: 1, country: 1, device: 1, channel: 1, settled: 1 },
            ...Object.fromEntries(selection.steps.map((step) => [`steps.${step}`, 1])),
          },
        }),
      ),
  };
}
