import type { Fate } from './fates.ts';
import type { StoredCells } from './metric-record.ts';
import type { Resolution } from './time.ts';

/** Names of the collections. */
export const COLLECTIONS = {
  metrics: 'metrics',
  partials: 'partials',
  checkpoints: 'checkpoints',
  sessions: 'sessions',
  eventIds: 'event-ids',
  shops: 'shops',
  customers: 'customers',
  products: 'products',
  mergeProgress: 'merge-progress',
  meta: 'meta',
} as const;

/** Version of the stored layout; a database of another version is refused with the command that migrates it. */
export const LAYOUT_VERSION = 1;

/** A window of `metrics`: `_id` is its window id. */
export interface MetricDocument {
  readonly _id: string;
  readonly shop: string;
  readonly group: string;
  /** `narrow`, or the wide dimension it holds. */
  readonly part: string;
  readonly resolution: Resolution;
  readonly bucket: number;
  readonly start: Date;
  /** Null for the lifetime window. */
  readonly end: Date | null;
  readonly cells: StoredCells;
  /** Sum of the `seq` of the partials it was merged from: rises with every change. */
  readonly version: number;
  readonly final: boolean;
  readonly revision: number;
  readonly updatedAt: Date;
  /** Removed by a TTL index from then on; absent: kept. */
  readonly expireAt?: Date;
}

/** One task's share of a window: `_id` is `task|window id`. */
export interface PartialDocument {
  readonly _id: string;
  readonly task: string;
  readonly window: string;
  /** The task's commit that changed it last. */
  readonly seq: number;
  readonly cells: StoredCells;
  readonly expireAt?: Date;
}

/** The state of one task: `_id` is `group/partition`. */
export interface CheckpointDocument {
  readonly _id: string;
  /** Raised at every claim; with `seq` the fencing token. */
  readonly epoch: number;
  readonly owner: string;
  /** Server session of the owner's transactions, ended at the next claim. */
  readonly lsid: unknown;
  /** Raised by one with every commit. */
  readonly seq: number;
  /** Changes up to this commit have been announced. */
  readonly publishedSeq: number;
  /** Next offset to read, by topic without prefix. */
  readonly offsets: Readonly<Record<string, number>>;
  /** By shop: no event before this instant (epoch ms) is expected on this task's partitions any more. */
  readonly watermarks: Readonly<Record<string, number>>;
  /** By shop: the latest event time that was counted, epoch ms. */
  readonly latest: Readonly<Record<string, number>>;
  /** What became of the records so far; adds up to what was consumed. */
  readonly fates: Readonly<Partial<Record<Fate, number>>>;
  /** Events that were counted although they came after the allowed lateness. */
  readonly late: number;
  readonly updatedAt: Date;
  /** Whether, at `updatedAt`, the partitions had been read to their ends. */
  readonly caughtUp: boolean;
}

/** How far the merge stage is on one partition of `metric-changes`: `_id` is the partition. */
export interface MergeProgressDocument {
  readonly _id: number;
  /** Notices of changed windows that have not been merged yet. */
  readonly behind: number;
  /** When its owner said so; it does every few seconds. */
  readonly updatedAt: Date;
}

/** The record of the layout in `meta`, `_id` `layout`. */
export interface LayoutDocument {
  readonly _id: 'layout';
  readonly version: number;
  /** Partitions of the input topics; changing them would move visitors between tasks. */
  readonly partitions: number;
  /** Hash of each stored metric's definition. */
  readonly schemaHashes: Readonly<Record<string, string>>;
}
