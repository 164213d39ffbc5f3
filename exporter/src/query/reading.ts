import type { HeldMark, QueryResult, Shop } from '@storepulse/contracts';
import type { Depth } from '../depth/depth.ts';
import type { Snapshots } from '../facts/snapshots.ts';
import type { MetricStore } from '../store/store.ts';
import type { Admission } from '../work/admission.ts';
import type { Allowance } from '../work/allowance.ts';
import type { Pacer } from '../work/pacer.ts';
import type { Grouped } from './grouped.ts';
import type { Holding, inOrder } from './held.ts';
import type { Plan, PlanContext } from './plan.ts';
import type { UnmergedWindow } from './unmerged.ts';
import type { WindowCache } from './window-cache.ts';

/** Windows that one query may read. */
export const MAX_WINDOWS = 20_000;
/** Numbers that one query may answer. */
export const MAX_POINTS = 250_000;
/** Memory of a number of an answer, until it is written. */
export const POINT_BYTES = 32;

/** What was read for a query. */
export interface Reading {
  /** Windows to add up in which buckets, or just the buckets. */
  readonly plan: Plan;
  /** What was read, by group. */
  readonly grouped: Grouped;
  /** Start of the shop's first day with data, from when on a gap is a zero; null: it never is. */
  readonly firstDay: number | null;
  /** Everything before it had been counted when this was read, epoch ms. */
  readonly until: number;
  /** Windows that say less than was counted. */
  readonly unmerged: readonly UnmergedWindow[];
  /** Whether it is of windows, and each was stored just as it was counted. */
  readonly isAsCounted: boolean;
  /** Resolutions of the windows, or `facts`. */
  readonly resolution: string;
  /** Windows or facts. */
  readonly documents: number;
  /** How long reading took, when it was not spared. */
  readonly readMs: number;
  /** When it was read, epoch ms. */
  readonly readAt: number;
  /** Present when rows of the lake were added up: how far these reach. */
  readonly lake?: NonNullable<QueryResult['meta']['lake']>;
  /** Present when something can be held: what of this, and from where on the plan goes when what is held has not changed. */
  readonly held?: { readonly marks: readonly HeldMark[]; readonly answeredFrom: number | undefined };
}

/** What reading depends on. */
export interface ReadingDeps {
  /** Told with every answer, so that a client knows when its copy of the catalogue is old. */
  readonly catalogVersion: string;
  readonly snapshots: Snapshots;
  readonly windows: WindowCache;
  readonly pacer: Pacer;
  readonly admission: Admission;
  /** Rows of the lake, where they are kept. */
  readonly depth?: Depth | undefined;
}

/** Where and when a query is read, and what it may use. */
export interface ReadingContext extends PlanContext {
  readonly shop: Shop;
  /** Changes whenever facts may have changed. */
  readonly factsVersion: string;
  /** Everything before it has been counted, epoch ms. */
  readonly until: number;
  /** Whether merging is more than a moment behind. */
  readonly isBehind: boolean;
  /** How much was counted of windows, read once for all queries of a request that ask for the same. */
  readonly counted: MetricStore['counted'];
  /** Sorts what was counted, once for queries of a request that read the same. */
  readonly inOrder: typeof inOrder;
  /** Start of the shop's first day with data, read once for all queries of a request; null: there is none. */
  readonly firstDay: () => Promise<number | null>;
  readonly allowance: Allowance;
}

/** What was counted of the windows that a query needs: enough to tell whether these are known already. */
export interface Look {
  readonly plan: Plan;
  /** How much was counted, by window id. */
  readonly counted: ReadonlyMap<string, number>;
  /** Start of the shop's first day with data; null: there is none. */
  readonly firstDay: number | null;
  /** Everything before it had been counted, epoch ms. */
  readonly until: number;
  /** Present when something can be held. */
  readonly held?: Holding;
}
