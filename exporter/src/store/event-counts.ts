import type { ClientSession, Db, Document } from 'mongodb';
import { filterOf } from './event-reads.ts';
import type { ReadOptions } from './read-options.ts';
import type { MetricStore } from './store.ts';

/** What one collection tells of a type in a step of time. */
interface Counted {
  readonly _id: { readonly type: string; readonly step: number };
  readonly count: number;
  /** The earliest of them, epoch ms. */
  readonly first: number;
}

/** Counts kept events by type and step of time, of each collection the latest, by the index on shop and time. */
export function createEventCounts(
  db: Db,
  limitsOf: (options?: ReadOptions) => { maxTimeMS: number; session: ClientSession; signal?: AbortSignal },
): Pick<MetricStore, 'eventCounts'> {
  return {
    eventCounts: async (selection, { begin, stepMs, most }, options) => {
      const counts = await Promise.all(
        selection.sources.map(async ({ collection }, source) => {
          const pipeline: Document[] = [
            { $match: filterOf(selection, source) },
            { $sort: { eventTime: -1, _id: -1 } },
            { $limit: most },
            {
              $group: {
                _id: {
                  type: '$type',
                  step: { $floor: { $divide: [{ $subtract: ['$eventTime', begin] }, stepMs] } },
                },
                count: { $sum: 1 },
                first: { $min: '$eventTime' },
              },
            },
          ];
          const found = await db
            .collection(collection)
            .aggregate<Counted>(pipeline, limitsOf(options))
            .toArray();
          const total = found.reduce((sum, { count }) => sum + count, 0);
          const isCut = total >= most;
          return {
            counts: found.map(({ _id, count }) => ({ ..._id, count })),
            // Of the earliest instant some may not have been counted.
            completeFrom: isCut ? Math.min(...found.map(({ first }) => first)) + 1 : begin,
          };
        }),
      );
      return {
        counts: counts.flatMap((each) => each.counts),
        completeFrom: Math.max(begin, ...counts.map((each) => each.completeFrom)),
      };
    },
  };
}
