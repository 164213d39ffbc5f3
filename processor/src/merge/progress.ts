import type { Database } from '../store/database.ts';

/** Writes how far merging is, for readers that must not take an unmerged window for an empty one. */
export function createProgressNote({ mergeProgress }: Database, now: () => number) {
  return async (behind: ReadonlyMap<number, number>): Promise<void> => {
    if (behind.size === 0) return;
    const updatedAt = new Date(now());
    await mergeProgress.bulkWrite(
      [...behind].map(([_id, n]) => ({
        updateOne: { filter: { _id }, update: { $set: { behind: n, updatedAt } }, upsert: true },
      })),
      { writeConcern: { w: 1 }, ordered: false },
    );
  };
}
