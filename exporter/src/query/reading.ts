import { type FactMetric, partOf, type Shop, type StoredMetric } from '@storepulse/contracts';
import { foldFacts } from '../facts/fold-facts.ts';
import type { Snapshots } from '../facts/snapshots.ts';
import type { MetricStore } from '../store/store.ts';
import { foldWindows, type Row } from './fold.ts';
import { type Plan, type PlanContext, planQuery } from './plan.ts';
import { cellsName, type ResolvedQuery } from './resolve.ts';
import { type UnmergedWindow, unmergedWindows } from './unmerged.ts';

/** Windows that one query may read. */
export const MAX_WINDOWS = 20_000;
/** Numbers that one query may answer. */
export const MAX_POINTS = 250_000;

/** What was read for a query, added up. */
export interface Reading {
  /** Windows to add up in which buckets, or just the buckets. */
  readonly plan: Plan;
  /** A row per group. */
  readonly rows: ReadonlyMap<string, Row>;
  /** By bucket: whether anything was found. */
  readonly covered: readonly boolean[];
  /** Start of the shop's first day with data, from when on a gap is a zero; null: it never is. */
  readonly firstDay: number | null;
  /** Everything before it had been counted when this was read, epoch ms. */
  readonly until: number;
  /** Windows that say less than was counted. */
  readonly unmerged: readonly UnmergedWindow[];
  /** Resolutions of the windows, or `facts`. */
  readonly resolution: string;
  /** Windows or facts. */
  readonly documents: number;
  /** How long reading took, when it was not spared. */
  readonly readMs: number;
  /** When it was read, epoch ms. */
  readonly readAt: number;
}

/** What reading depends on. */
export interface ReadingDeps {
  readonly store: MetricStore;
  readonly snapshots: Snapshots;
}

/** Where and when a query is read. */
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
  /** Start of the shop's first day with data, read once for all queries of a request; null: there is none. */
  readonly firstDay: () => Promise<number | null>;
}

/** Reads what a query asks for: stored windows, or the facts that its metric is computed from. */
export function readQuery(
  resolved: ResolvedQuery,
  context: ReadingContext,
  deps: ReadingDeps,
): Promise<Reading> {
  const facts = resolved.parts.filter((part): part is FactMetric => part.kind === 'fact');
  return facts.length > 0
    ? readFacts(resolved, facts, context, deps)
    : readWindows(
        resolved,
        resolved.parts.filter((part): part is StoredMetric => part.kind === 'stored'),
        context,
        deps,
      );
}

async function readWindows(
  { query, dimension, groupOf }: ResolvedQuery,
  parts: readonly StoredMetric[],
  context: ReadingContext,
  { store }: ReadingDeps,
): Promise<Reading> {
  const began = performance.now();
  const plan = planQuery(query, context);
  const { shop } = context.shop;
  const selection = {
    shop,
    groups: [...new Set(parts.map((part) => part.group))],
    part: partOf(dimension),
    tiles: plan.tiles,
  };
  const isEmpty = plan.tiles.length === 0;
  // One after the other: each read vouches for those after it. The processor may commit and merge between any two. A
  // first day that is read after what was counted would make zeros of windows that have been counted since; windows
  // that are read before it would be gaps although they are merged.
  const firstDay = await context.firstDay();
  const counted = isEmpty ? new Map<string, number>() : await context.counted(selection);
  const windows = isEmpty
    ? []
    : await store.windows({ ...selection, dimension: cellsName(dimension) }, MAX_WINDOWS);
  return {
    ...foldWindows(windows, parts, plan.buckets, groupOf),
    plan,
    firstDay,
    until: context.until,
    unmerged: unmergedWindows(counted, windows, context),
    resolution: [...new Set(plan.tiles.map((tile) => tile.resolution))].join('+'),
    documents: windows.length,
    readMs: performance.now() - began,
    readAt: context.now,
  };
}

async function readFacts(
  { query, dimension, groupOf }: ResolvedQuery,
  metrics: readonly FactMetric[],
  context: ReadingContext,
  { snapshots }: ReadingDeps,
): Promise<Reading> {
  const { shop, calendar, now, factsVersion } = context;
  // Facts are kept for ever, so no range is too old for narrow buckets.
  const plan = planQuery(query, { ...context, shop: { ...shop, retention: 'forever' } });
  const { buckets } = plan;
  const source = metrics[0]!.facts;
  const [{ content, documents, readMs, readAt, until }, firstDay] = await Promise.all([
    snapshots.get(shop.shop, source, factsVersion, context.until),
    context.firstDay(),
  ]);
  const fold = { metrics, buckets, dimension, groupOf, calendar, now, maxCells: MAX_POINTS };
  const rows = [...foldFacts(source, content, fold)].map(
    ([group, sums]) =>
      [group, sums.map((states) => (states.some((sum) => sum !== 0) ? states : undefined))] as const,
  );
  // Products are known as they are now, not as they were.
  const isNowOnly = source === 'products';
  return {
    plan,
    rows: new Map(rows),
    covered: buckets.map((_, i) => isNowOnly && i === buckets.length - 1),
    firstDay: isNowOnly ? null : firstDay,
    until,
    // Facts are committed together with what was counted: they wait for no merging.
    unmerged: [],
    resolution: 'facts',
    documents,
    readMs,
    readAt,
  };
}
