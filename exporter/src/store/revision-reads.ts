import { COLLECTIONS, type MetricDocument, NARROW_PART } from '@storepulse/contracts';
import type { ClientSession, Db } from 'mongodb';
import type { MetricStore } from './store.ts';

/** Corrected windows that are read at most, the latest first. */
const MAX_WINDOWS = 20_000;
/** Of longer windows it is not known which hour was corrected. */
const WITHIN_AN_HOUR = ['10s', '1m', '1h'] as const;

/** Reads which windows were corrected after they were final, by the partial index that `processor/src/store/database.ts` declares. */
export function createRevisionReads(
  db: Db,
  limits: { maxTimeMS: number; session: ClientSession },
): Pick<MetricStore, 'revisions'> {
  return {
    revisions: async ({ shop, from, to }, limit) => {
      const corrected = {
        shop,
        ...{ start: { $gte: new Date(from), $lt: new Date(to) }, revision: { $gt: 0 } },
        ...{ part: NARROW_PART, bucket: 0, resolution: { $in: [...WITHIN_AN_HOUR] } },
      };
      const hours = await db
        .collection<MetricDocument>(COLLECTIONS.metrics)
        .aggregate<{ _id: Date; windows: number; groups: string[]; updatedAt: Date }>(
          [
            { $match: corrected },
            { $sort: { start: -1 } },
            { $limit: MAX_WINDOWS },
            {
              $group: {
                _id: { $dateTrunc: { date: '$start', unit: 'hour' } },
                ...{
                  windows: { $sum: 1 },
                  groups: { $addToSet: '$group' },
                  updatedAt: { $max: '$updatedAt' },
                },
              },
            },
            { $sort: { _id: -1 } },
            { $limit: limit },
          ],
          limits,
        )
        .toArray();
      return hours.reverse().map(({ _id, windows, groups, updatedAt }) => ({
        ...{ start: _id.getTime(), windows, groups: groups.sort(), updatedAt: updatedAt.getTime() },
      }));
    },
  };
}
