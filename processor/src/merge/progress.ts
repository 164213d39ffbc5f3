import type { MergeProgressDocument } from '@storepulse/contracts';
import type { Database } from '../store/database.ts';

/** How far merging of a partition is. */
export interface PartitionProgress {
  readonly partition: number;
  /** Notices that are not merged yet. */
  readonly behind: number;
  /** The log that is merged and the next offset in it; undefined: what was noted before stays. */
  readonly log: MergeProgressDocument['log'];
}

/**
 * Writes down how far merging is: for readers that must not take an unmerged window for an empty one, and for the next
 * owner, which must not take another log for the one that was merged.
 */
export interface MergeProgress {
  note(partitions: readonly PartitionProgress[]): Promise<void>;
  /** The logs that were merged, by partition. */
  read(): Promise<ReadonlyMap<number, MergeProgressDocument['log']>>;
}

/** Over the database. */
export function createMergeProgress({ mergeProgress }: Database, now: () => number): MergeProgress {
  return {
    note: async (partitions) => {
      if (partitions.length === 0) return;
      const updatedAt = new Date(now());
      await mergeProgress.bulkWrite(
        partitions.map(({ partition, behind, log }) => ({
          updateOne: {
            filter: { _id: partition },
            update: { $set: { behind, updatedAt, ...(log ? { log } : {}) } },
            upsert: true,
          },
        })),
        { writeConcern: { w: 1 }, ordered: false },
      );
    },
    read: async () => {
      const found = await mergeProgress.find({}, { projection: { log: 1 } }).toArray();
      return new Map(found.map(({ _id, log }) => [_id, log]));
    },
  };
}
