import type { Fate } from './fates.ts';
import type { MeasureKind } from './measures/index.ts';
import type { StoredCells } from './metric-record.ts';
import type { Resolution } from './time.ts';

/** Names of the collections. */
export const COLLECTIONS = {
  metrics: 'metrics',
  partials: 'partials',
  checkpoints: 'checkpoints',
  sessions: 'sessions',
  visitShares: 'visit-shares',
  eventIds: 'event-ids',
  shops: 'shops',
  shopTerms: 'shop-terms',
  customers: 'customers',
  products: 'products',
  erasedCustomers: 'erased-customers',
  erasures: 'erasures',
  mergeProgress: 'merge-progress',
  meta: 'meta',
  storedMetrics: 'stored-metrics',
  openVisits: 'open-visits',
  annotations: 'annotations',
  rebuildCheckpoints: 'rebuild-checkpoints',
  warehouseRuns: 'warehouse-runs',
} as const;

/** Version of the stored layout. The processor brings an older one up to it at the start and refuses a newer one. */
export const LAYOUT_VERSION = 5;

/**
 * Something that people should see beside their charts: `_id` is `shop|annotationId`. What begins and what ends it may come
 * in either order.
 */
export interface AnnotationDocument {
  readonly _id: string;
  readonly shop: string;
  /** Epoch ms; absent while only its end is known. */
  readonly start?: number;
  /** Epoch ms; `start` for what takes no time. Absent while it goes on. */
  readonly end?: number;
  readonly title?: string;
  readonly text?: string;
  readonly tags?: readonly string[];
}

/** A window of `metrics`: `_id` is its window id. */
export interface MetricDocument {
  readonly _id: string;
  readonly shop: string;
  readonly group: string;
  /** `narrow`, or the dimension it holds: a wide one, or one that has grown. */
  readonly part: string;
  readonly resolution: Resolution;
  readonly bucket: number;
  readonly start: Date;
  /** Null for the lifetime window. */
  readonly end: Date | null;
  readonly cells: StoredCells;
  /** Of the first document: the dimensions that go on in further ones; absent: none does. */
  readonly spread?: readonly string[];
  /** Sum of the `seq` of the partials it was merged from: rises with every change. */
  readonly version: number;
  readonly final: boolean;
  readonly revision: number;
  readonly updatedAt: Date;
  /** Taken off by the merge stage from then on, and by a TTL index a week later; absent: kept. */
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
  /** Of the first document: how each dimension that goes on in further ones does so. */
  readonly further?: Readonly<Record<string, FurtherDocuments>>;
  readonly expireAt?: Date;
}

/** How a dimension of one task's window goes on in further documents. */
export interface FurtherDocuments {
  /** The level that additions go to now. */
  readonly level: number;
  /** Cells of the dimension in all documents. One value has several where it was met at several levels. */
  readonly cells: number;
}

/** The state of one task: `_id` is `group/partition`. */
export interface CheckpointDocument {
  readonly _id: string;
  /** Raised at every claim; with `seq` the fencing token. */
  readonly epoch: number;
  readonly owner: string;
  /** Server session of the owner's transactions, ended at the next claim. */
  readonly lsid: unknown;
  /** Server session of transactions that the owner's tasks share, ended at the next claim too. Missing, or null: there is none. */
  readonly sharedLsid?: unknown;
  /** Raised by one with every commit. */
  readonly seq: number;
  /** Changes up to this commit have been announced. */
  readonly publishedSeq: number;
  /** Next offset to read, by topic without prefix. */
  readonly offsets: Readonly<Record<string, number>>;
  /** By topic, the log that these offsets are of. Missing where an older release has written the checkpoint. */
  readonly logs?: Readonly<Record<string, StoredLog>>;
  /** What the logs have lost, the latest last; at most 20. Missing: nothing. */
  readonly losses?: readonly StoredLoss[];
  /** By shop: no event before this instant (epoch ms) is expected on this task's partitions any more. */
  readonly watermarks: Readonly<Record<string, number>>;
  /** By shop: the latest event time that was counted, epoch ms. */
  readonly latest: Readonly<Record<string, number>>;
  /**
   * The same by topic without prefix, and shop: what is late is judged by it. Checkpoints of releases before it lack
   * it; there the first event of each topic and shop after a claim is not late.
   */
  readonly latestByTopic?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** By shop: when (wall clock, epoch ms) the task met it first; a shop without an entry was met by an earlier release. */
  readonly since?: Readonly<Record<string, number>>;
  /** When (wall clock, epoch ms) the partitions had been read to their ends last; absent: by an earlier release. */
  readonly levelAt?: number;
  /** What became of the records so far; adds up to what was consumed. */
  readonly fates: Readonly<Partial<Record<Fate, number>>>;
  /** Events that were counted although they came after the allowed lateness. */
  readonly late: number;
  readonly updatedAt: Date;
  /** Whether the partitions had been read to their ends, and these were known of the last seconds before `updatedAt`. */
  readonly caughtUp: boolean;
  /** When the ends were asked for, of all partitions, that have been reached; absent while one is not reached. */
  readonly readAt?: Date;
}

/** What tells a partition's log from another one with the same offsets, as stored. */
export interface StoredLog {
  /** The topic's id, a UUID: a topic that is made anew has another. null: not known. */
  readonly topicId: string | null;
  /** Epoch of the leader that appended the last record before the offset. null: not known. */
  readonly epoch: number | null;
  /** Offset after the log's last record, as seen last. */
  readonly end: number;
}

/** What a log has lost, as stored: in offsets, of which transactions and a log cleaner leave some without a record. */
export interface StoredLoss {
  readonly topic: string;
  readonly partition: number;
  /** Deleted before it was read; its end cut off; the topic made anew. */
  readonly change: 'deleted' | 'cut-off' | 'made-anew';
  /** Where reading would have gone on, and where it went on. */
  readonly from: number;
  readonly to: number;
  /** Records that were seen in the log and could not be read any more: figures lack them. */
  readonly unread: number;
  /** Records that were counted and that the log does not hold any more: figures keep them. */
  readonly read: number;
  /** When it was noticed. */
  readonly at: Date;
}

/** A customer who was erased, for ever: `_id` is the SHA-256 of `shop|customerId` in hexadecimal. */
export interface ErasedCustomerDocument {
  readonly _id: string;
  /** When the tombstone was sent. */
  readonly erasedAt: Date;
  /** When the same id was told anew since: what happens from then on is not of the erased. Null: not. */
  readonly returnedAt: Date | null;
}

/** Work that an erasure leaves to one task: `_id` is `task|_id of the erased customer`. Removed when it is done. */
export interface ErasureDocument {
  readonly _id: string;
  /** The task whose facts are to be cleared. */
  readonly task: string;
  /** `shop|customerId`. */
  readonly key: string;
}

/** How far the merge stage is on one partition of `metric-changes`: `_id` is the partition. */
export interface MergeProgressDocument {
  readonly _id: number;
  /** Notices of changed windows that have not been merged yet. */
  readonly behind: number;
  /** When its owner said so; it does every few seconds. */
  readonly updatedAt: Date;
  /** The log that is merged and the next offset in it. Missing: not known. */
  readonly log?: StoredLog & { readonly offset: number };
}

/** The record of the layout in `meta`, `_id` `layout`. */
export interface LayoutDocument {
  readonly _id: 'layout';
  readonly version: number;
  /** Partitions of the input topics; changing them would move visitors between tasks. */
  readonly partitions: number;
  /** Present while a process brings the layout up to its version: who, and until when others wait for it. */
  readonly migration?: { readonly owner: string; readonly until: Date };
}

/** One meaning that a stored metric had. */
export interface MetricGeneration {
  /** Hash of the definition. */
  readonly hash: string;
  /** Windows that begin before it (epoch ms) keep what the generation before counted; 0: none do. */
  readonly from: number;
  /** When it was first met. */
  readonly at: Date;
}

/** Where a live task began to count a metric. */
export interface MetricStart {
  /** Next offset to read, by topic; one without: the log's beginning. */
  readonly offsets: Readonly<Record<string, number>>;
  /** Names the set in `open-visits` of the visits that were not settled then; absent where none are asked for. */
  readonly openVisits?: string;
}

/** A visit that was not settled when a task began to count a metric over visits. */
export interface OpenVisitDocument {
  /** `set|visit` */
  readonly _id: string;
  readonly set: string;
  readonly visit: string;
}

/** A metric that the log is read again for. */
export interface RebuildDocument {
  /** `rebuild-<metric>-<generation>`; its tasks are `<id>/<task>`. */
  readonly id: string;
  /** The metric group that its partials belong to. */
  readonly group: string;
  /** The live tasks whose part of the log it reads again. */
  readonly tasks: readonly string[];
  /** It was asked for what happened from then on (epoch ms); 0: for all. */
  readonly asked: number;
  /** It counts what happened from then on: as asked, unless the log no longer holds all of that; 0: all. */
  readonly from: number;
  readonly startedAt: Date;
  /** Absent until the log has been read up to where the live tasks began to count the metric. */
  readonly finishedAt?: Date;
}

/** What is counted of one stored metric since when, in `stored-metrics`: `_id` is its name. */
export interface StoredMetricDocument {
  readonly _id: string;
  /** Null when it is not known, as of metrics stored by layout 1. */
  readonly measure: MeasureKind | null;
  /** The last one is counted; each has a field of its own in partials. */
  readonly generations: readonly MetricGeneration[];
  /** By live task that counts it: where it began to. */
  readonly started: Readonly<Record<string, MetricStart>>;
  /** Of all generations: what a rebuild has counted stays part of the windows' versions for good. */
  readonly rebuilds?: readonly RebuildDocument[];
  /** True when the catalogue no longer has it, on purpose. */
  readonly forgotten?: boolean;
}

/** A run of the warehouse: `_id` is when it began and its kind. */
export interface WarehouseRunDocument {
  readonly _id: string;
  /** `run`: what has changed; `backfill`: a range made anew; `reconcile`: compared with the stream. */
  readonly kind: 'run' | 'backfill' | 'reconcile';
  /** What it was about, for people. */
  readonly scope: string;
  readonly startedAt: Date;
  /** Absent while it runs, or when it was ended by force. */
  readonly endedAt?: Date;
  readonly outcome: 'running' | 'succeeded' | 'failed';
  /** How often it was tried. */
  readonly attempts: number;
  /** Of a run: days of shops that were made anew. */
  readonly days?: number;
  /** Of a reconciliation: cells that were compared, and those that differ. */
  readonly cells?: number;
  readonly differences?: number;
  /** Why it failed. */
  readonly error?: string;
}
