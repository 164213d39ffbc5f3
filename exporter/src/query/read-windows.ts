import { partsOf, type Shop, type StoredMetric } from '@storepulse/contracts';
import { ExporterError } from '../errors.ts';
import { groupCells } from './grouped.ts';
import { findHeld, tileToCompare } from './held.ts';
import type { Plan } from './plan.ts';
import type { WindowHead } from './read-cells.ts';
import { type Look, MAX_WINDOWS, type Reading, type ReadingContext, type ReadingDeps } from './reading.ts';
import { cellsName, type ResolvedQuery } from './resolve.ts';
import { unmergedWindows } from './unmerged.ts';

/** Where the windows of some metrics are. */
const placeOf = ({ shop }: Shop, { dimension }: ResolvedQuery, parts: readonly StoredMetric[]) => ({
  shop,
  groups: [...new Set(parts.map((part) => part.group))],
  parts: partsOf(dimension),
});

/**
 * Reads how much was counted of the windows that a query needs.
 * @throws {ExporterError} `too_many_windows`, or when the store fails
 */
export async function lookAtWindows(
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

/**
 * Reads the windows that were looked at, as far as they are not kept.
 * @param began when looking began, as `performance.now()` tells it
 */
export async function readWindows(
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

const tooManyWindows = (windows: number) =>
  new ExporterError(
    'too_many_windows',
    `${windows} stored windows would be read, and ${MAX_WINDOWS} may be: choose a shorter range or a longer interval`,
  );
