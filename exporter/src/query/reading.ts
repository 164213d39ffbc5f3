import {
  type FactMetric,
  type HeldMark,
  type PartMetric,
  partsOf,
  type QueryResult,
  type Shop,
  type StoredMetric,
  TOTAL_VALUE,
} from '@storepulse/contracts';
import type { Depth, DepthState } from '../depth/depth.ts';
import { areTold } from '../depth/fact-metrics.ts';
import { ExporterError } from '../errors.ts';
import { foldFacts } from '../facts/fold-facts.ts';
import type { DatedSnapshot, KeptSource, Snapshots } from '../facts/snapshots.ts';
import type { MetricStore } from '../store/store.ts';
import type { Admission } from '../work/admission.ts';
import type { Allowance } from '../work/allowance.ts';
import type { Pacer } from '../work/pacer.ts';
import { COST_OF_ROWS, costOfFacts, costOfWindows } from './cost.ts';
import { type Grouped, groupCells, groupedRows } from './grouped.ts';
import { findHeld, type Holding, type inOrder, tileToCompare } from './held.ts';
import { type Plan, type PlanContext, planQuery } from './plan.ts';
import type { WindowHead } from './read-cells.ts';
import { cellsName, type ResolvedQuery } from './resolve.ts';
import { type UnmergedWindow, unmergedWindows } from './unmerged.ts';
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

/**
 * Reads what a query asks for, stored windows or the facts that its metric is computed from, and goes on with it while
 * the query has its place among those that are answered.
 * @param goOn told beside what was read how the windows were counted, where it is of windows
 * @param recall what is known of just these windows already, so that they need not be read
 */
export async function readQuery<T>(
  resolved: ResolvedQuery,
  context: ReadingContext,
  deps: ReadingDeps,
  goOn: (reading: Reading, look?: Look) => Promise<T>,
  recall: (look: Look) => T | undefined = () => undefined,
): Promise<T> {
  const { query, parts, dimension, split } = resolved;
  const { allowance } = context;
  const facts = parts.filter((part): part is FactMetric => part.kind === 'fact');
  if (facts.length > 0) {
    // Facts are kept for ever, so no range is too old for narrow buckets.
    const kept = { ...context, shop: { ...context.shop, retention: 'forever' as const } };
    const plan = await deps.pacer.run(planQuery(query, kept), allowance);
    // Combinations are told by nothing but the lake; while it is being read, facts tell the rest.
    if (deps.depth && areTold(facts) && (resolved.depth || deps.depth.state())) {
      const state = await deps.depth.current(allowance.signal);
      return deps.admission.admit(COST_OF_ROWS, allowance.signal, async () =>
        goOn(await readFactsOfLake(plan, state, resolved, facts, context, deps)),
      );
    }
    const { facts: source } = facts[0]!;
    const isKept =
      source === 'aims' || deps.snapshots.isKept(context.shop.shop, source, context.factsVersion);
    return deps.admission.admit(costOfFacts(isKept), allowance.signal, async () =>
      goOn(await readFacts(plan, resolved, facts, context, deps)),
    );
  }
  const stored = parts.filter((part): part is StoredMetric => part.kind === 'stored');
  if (resolved.depth) {
    // The lake keeps all events, so no range is too old for narrow buckets.
    const kept = { ...context, shop: { ...context.shop, retention: 'forever' as const } };
    const plan = await deps.pacer.run(planQuery(query, kept, split.ofTime), allowance);
    // Its reach is read before its rows: rows that come in between are more than it promises. Who waits for it takes no place.
    const state = await deps.depth!.current(allowance.signal);
    return deps.admission.admit(COST_OF_ROWS, allowance.signal, async () =>
      goOn(await readRows(plan, state, resolved, stored, context, deps)),
    );
  }
  const plan = await deps.pacer.run(planQuery(query, context, split.ofTime), allowance);
  const cost = costOfWindows(plan.tiles, new Set(stored.map(({ group }) => group)).size, dimension);
  return deps.admission.admit(cost, allowance.signal, async () => {
    const began = performance.now();
    const look = await lookAtWindows(plan, resolved, stored, context, deps);
    return recall(look) ?? goOn(await readWindows(look, resolved, stored, context, deps, began), look);
  });
}

/** Where the windows of some metrics are. */
const placeOf = ({ shop }: Shop, { dimension }: ResolvedQuery, parts: readonly StoredMetric[]) => ({
  shop,
  groups: [...new Set(parts.map((part) => part.group))],
  parts: partsOf(dimension),
});

async function lookAtWindows(
  whole: Plan,
  resolved: ResolvedQuery,
  parts: readonly StoredMetric[],
  context: ReadingContext,
  { catalogVersion }: ReadingDeps,
): Promise<Look> {
  const { allowance } = context;
  const compared = tileToCompare(resolved, whole);
  const selection = {
    ...placeOf(context.shop, resolved, parts),
    tiles: compared ? [compared] : whole.tiles,
  };
  const isEmpty = whole.tiles.length === 0;
  // One after the other: each read vouches for those after it. The processor may commit and merge between any two. A
  // first day that is read after what was counted would make zeros of windows that have been counted since; windows
  // that are read before it would be gaps although they are merged.
  const firstDay = await allowance.orAborted(context.firstDay());
  const countedAll = isEmpty
    ? new Map<string, number>()
    : await context.counted(selection, { signal: allowance.signal, timeoutMs: allowance.leftMs() });
  const held = compared
    ? findHeld(resolved, whole, compared, countedAll, { ...context, catalogVersion, firstDay })
    : undefined;
  const { plan, counted } = held ?? { plan: whole, counted: countedAll };
  if (counted.size > MAX_WINDOWS) throw tooManyWindows(counted.size);
  return { plan, counted, firstDay, until: context.until, ...(held ? { held } : {}) };
}

async function readWindows(
  { plan, counted, firstDay, until, held }: Look,
  resolved: ResolvedQuery,
  parts: readonly StoredMetric[],
  context: ReadingContext,
  { windows, pacer }: ReadingDeps,
  began: number,
): Promise<Reading> {
  const { dimension, split, groupOf } = resolved;
  const { allowance, calendar } = context;
  const { tiles } = plan;
  const selection = {
    ...placeOf(context.shop, resolved, parts),
    ...{ tiles, dimension: cellsName(dimension) },
  };
  const sets =
    tiles.length === 0 ? [] : await windows.read(selection, parts, counted, MAX_WINDOWS, allowance);
  const slotOf = (start: number) => split.slotOf(start, calendar);
  const steps = groupCells(
    sets,
    parts,
    plan.buckets,
    split.ofTime.length > 0 ? { slotOf, groupOf } : { groupOf },
    allowance.hold,
  );
  const grouped = await pacer.run(steps, allowance);
  const all = sets.flatMap((set) => set.windows);
  return {
    plan,
    grouped,
    firstDay,
    until,
    unmerged: unmergedWindows(counted, all, context),
    isAsCounted: all.length === counted.size && all.every(({ id, version }) => counted.get(id) === version),
    resolution: [...new Set(plan.tiles.map((tile) => tile.resolution))].join('+'),
    documents: all.length,
    readMs: performance.now() - began,
    readAt: context.now,
    ...(held ? { held: { answeredFrom: held.answeredFrom, marks: held.marks(versionsOf(all)) } } : {}),
  };
}

const versionsOf = (windows: readonly WindowHead[]): ReadonlyMap<string, number> =>
  new Map(windows.map(({ id, version }) => [id, version]));

async function readRows(
  plan: Plan,
  state: DepthState,
  { split, depth: filters = [] }: ResolvedQuery,
  metrics: readonly StoredMetric[],
  context: ReadingContext,
  { depth, pacer }: ReadingDeps,
): Promise<Reading> {
  const began = performance.now();
  const { shop, calendar, allowance } = context;
  const { buckets, tiles } = plan;
  const firstDay = await allowance.orAborted(context.firstDay());
  const range = {
    from: tiles[0]?.from ?? 0,
    to: plan.interval === 'all' ? Number.POSITIVE_INFINITY : (tiles.at(-1)?.to ?? 0),
  };
  const question = {
    shop: shop.shop,
    range,
    buckets,
    metrics,
    split,
    filters,
    calendar,
    maxCells: MAX_POINTS,
  };
  const { groups, rows } = await depth!.sums(question, allowance.signal, (steps) =>
    pacer.run(steps, allowance),
  );
  const until = Math.min(context.until, state.until.get(shop.shop) ?? 0);
  const covered = buckets.map((_, i) => [...groups.values()].some((row) => row[i] !== undefined));
  return {
    plan,
    grouped: groupedRows(groups, covered, metrics),
    firstDay,
    until,
    // Rows wait for no merging.
    unmerged: [],
    isAsCounted: false,
    resolution: 'lake',
    documents: rows,
    readMs: performance.now() - began,
    readAt: state.readAt,
    lake: reachOf(state, until),
  };
}

/** How far an answer from the lake reaches. @param until everything before it is in it, epoch ms */
export const reachOf = ({ seamAt, tail }: DepthState, until: number): NonNullable<Reading['lake']> => ({
  ...{ seamAt, until },
  ...(tail ? { tail } : {}),
});

async function readFactsOfLake(
  plan: Plan,
  state: DepthState,
  resolved: ResolvedQuery,
  metrics: readonly FactMetric[],
  context: ReadingContext,
  { depth, pacer }: ReadingDeps,
): Promise<Reading> {
  const began = performance.now();
  const { parts, dimension, split, depth: filters } = resolved;
  const { shop, calendar, now, allowance } = context;
  const { buckets } = plan;
  const firstDay = await allowance.orAborted(context.firstDay());
  const how = filters
    ? {
        dimensions: split.dimensions.map(({ name }) => name),
        filters,
        groupOf: (values: readonly string[]) => split.groupOfAll(values, ''),
      }
    : {
        dimensions: dimension ? [dimension.name] : [],
        filters: [],
        groupOf: ([value = TOTAL_VALUE]: readonly string[]) => resolved.groupOf(value, ''),
      };
  const question = { shop: shop.shop, buckets, metrics, ...how, calendar, now, maxCells: MAX_POINTS };
  const { groups, rows } = await depth!.factSums(question, allowance.signal, (steps) =>
    pacer.run(steps, allowance),
  );
  const until = Math.min(context.until, state.until.get(shop.shop) ?? 0);
  return {
    plan,
    grouped: groupedFacts(
      groups,
      buckets.map(() => false),
      parts,
    ),
    firstDay,
    until,
    // Rows wait for no merging.
    unmerged: [],
    isAsCounted: false,
    resolution: 'lake',
    documents: rows,
    readMs: performance.now() - began,
    readAt: state.readAt,
    lake: reachOf(state, until),
  };
}

function groupedFacts(
  sums: ReadonlyMap<string, number[][]>,
  covered: readonly boolean[],
  parts: readonly PartMetric[],
): Grouped {
  const rows = [...sums].map(
    ([group, row]) =>
      [group, row.map((states) => (states.some((sum) => sum !== 0) ? states : undefined))] as const,
  );
  return groupedRows(new Map(rows), covered, parts);
}

async function readFacts(
  plan: Plan,
  { parts, dimension, groupOf }: ResolvedQuery,
  metrics: readonly FactMetric[],
  context: ReadingContext,
  { snapshots, pacer }: ReadingDeps,
): Promise<Reading> {
  const { shop, calendar, now, factsVersion, allowance } = context;
  const { buckets } = plan;
  const source = metrics[0]!.facts;
  const firstDay = await allowance.orAborted(context.firstDay());
  const { content, documents, readMs, readAt, until } =
    source === 'aims'
      ? aimsOf(context)
      : ((await snapshots.get(
          shop.shop,
          source,
          factsVersion,
          context.until,
          allowance.signal,
        )) as DatedSnapshot<KeptSource>);
  const ofValue = (value: string) => groupOf(value, '');
  const fold = { metrics, buckets, dimension, groupOf: ofValue, calendar, now, maxCells: MAX_POINTS };
  const sums = await pacer.run(foldFacts(source, content, fold), allowance);
  // Products are known as they are now, not as they were; what is not aimed at is not an aim of zero.
  const isNowOnly = source === 'products';
  const isAim = source === 'aims';
  const covered = buckets.map((_, i) => isNowOnly && i === buckets.length - 1);
  return {
    plan,
    grouped: groupedFacts(sums, covered, parts),
    firstDay: isNowOnly || isAim ? null : firstDay,
    until,
    // Facts are committed together with what was counted: they wait for no merging.
    unmerged: [],
    isAsCounted: false,
    resolution: 'facts',
    documents,
    readMs,
    readAt,
  };
}

/** What the shop aims at, in the form of a snapshot: its record has been read for the request. */
function aimsOf({ shop: { dailyTarget }, until, now: readAt }: ReadingContext) {
  const content = dailyTarget === undefined ? [] : [dailyTarget];
  return { content, documents: 1, readMs: 0, readAt, until };
}

const tooManyWindows = (windows: number) =>
  new ExporterError(
    'too_many_windows',
    `${windows} stored windows would be read, and ${MAX_WINDOWS} may be: choose a shorter range or a longer interval`,
  );
