import type { LogMark, PartitionBounds } from '../kafka/port.ts';

/** The partitions of notices that this process merges, and how far it is in each. */
export interface OwnedPartitions {
  /** Whether the group has assigned anything yet, be it nothing. */
  isKnown(): boolean;
  /** Takes another assignment; of the former nothing is kept. */
  take(partitions: readonly number[]): void;
  /** Of one, nothing is known any more: it begins anew. */
  forget(partition: number): void;
  /** All of them; the same array until the next assignment. */
  all(): readonly number[];
  /** Notes the log of one, once merging goes on in it. */
  noteMark(partition: number, mark: LogMark): void;
  mark(partition: number): LogMark | undefined;
  /** Notes the offset after the notices that have been taken. */
  noteReached(partition: number, next: number): void;
  reached(partition: number): number | undefined;
  /**
   * Takes in what Kafka tells; of a partition that can't be asked now, what was told last stays.
   * @param committed the group's next offset by partition
   * @returns those of the bounds that are owned
   */
  look(
    bounds: readonly PartitionBounds[],
    committed: ReadonlyMap<number, number>,
  ): readonly PartitionBounds[];
  /** Notices of one that were not merged when it was last looked. */
  behind(partition: number): number;
  /** The same of all. */
  lag(): number;
}

/** Builds it, with nothing assigned. */
export function createOwnedPartitions(): OwnedPartitions {
  let owned: readonly number[] = [];
  let isKnown = false;
  const behind = new Map<number, number>();
  const reached = new Map<number, number>();
  const marks = new Map<number, LogMark>();
  return {
    isKnown: () => isKnown,
    take: (partitions) => {
      owned = partitions;
      isKnown = true;
      behind.clear();
      reached.clear();
      marks.clear();
    },
    forget: (partition) => {
      marks.delete(partition);
      reached.delete(partition);
    },
    all: () => owned,
    noteMark: (partition, mark) => void marks.set(partition, mark),
    mark: (partition) => marks.get(partition),
    noteReached: (partition, next) => void reached.set(partition, next),
    reached: (partition) => reached.get(partition),
    look: (bounds, committed) => {
      const isOwned = new Set(owned);
      const mine = bounds.filter(({ partition }) => isOwned.has(partition));
      for (const { partition, low, high } of mine) {
        // Further documents keep the group's position behind what has been taken.
        const at = Math.max(committed.get(partition) ?? low, reached.get(partition) ?? low);
        // A position beyond the log is of another one: of this one nothing is merged.
        behind.set(partition, high - (at > high ? low : Math.max(at, low)));
      }
      return mine;
    },
    behind: (partition) => behind.get(partition) ?? 0,
    lag: () => [...behind.values()].reduce((sum, n) => sum + n, 0),
  };
}
