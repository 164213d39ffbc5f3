import { createHash } from 'node:crypto';
import { type HeldMark, parseWindowId, type Shop } from '@storepulse/contracts';
import { canBeHeld } from '@storepulse/contracts/held';
import type { TimeRange } from './buckets.ts';
import type { Plan } from './plan.ts';
import type { ResolvedQuery } from './resolve.ts';
import type { Tile } from './tiles.ts';

/** Raised when what is answered of the same windows changes. */
const FORM = 1;
/** Buckets before the end of what can be held at which shorter parts end: most corrections are of late time. */
const MARKED_BACK = [256, 64, 16, 4, 1, 0] as const;
/** Windows of a query that can be held: telling whether these have changed takes 3 ms at a stretch, which is one slice of computing. */
const MOST_WINDOWS = 5_000;
/** How far before a range what is held of it may begin, as a share of the range: it is looked at with it. */
const MOST_BEFORE = 1 / 4;
const TAG_LENGTH = 22;

/** How much was counted, by window id. */
type Counted = ReadonlyMap<string, number>;

/** A window of which something was counted. */
export interface CountedWindow {
  readonly id: string;
  readonly version: number;
  readonly start: number;
}

/** What a query's figures depend on beside the windows of their buckets. */
export interface HeldContext {
  readonly shop: Shop;
  readonly catalogVersion: string;
  /** Start of the shop's first day with data. */
  readonly firstDay: number | null;
  /** Everything before it has been counted, epoch ms. */
  readonly until: number;
  /** `inOrder`, once for queries of a request that read the same. */
  readonly inOrder: typeof inOrder;
}

/** What one query may hold, and what is to be read for it. */
export interface Holding {
  /** The plan without the buckets that are held and have not changed. */
  readonly plan: Plan;
  /** Where it begins; absent: nothing is left out. */
  readonly answeredFrom?: number;
  /** How much was counted of its windows. */
  readonly counted: Counted;
  /**
   * What can be kept of the answer: buckets of which all has been counted and merged.
   * @param stored by id, the versions of the windows that were read for the plan
   */
  readonly marks: (stored: ReadonlyMap<string, number>) => HeldMark[];
}

/** The windows to look at, whether those of a range have changed and those held before it: undefined when nothing can be held. */
export function tileToCompare({ query, parts, split, depth }: ResolvedQuery, plan: Plan): Tile | undefined {
  const [tile, ...others] = plan.tiles;
  const isOfWindows = depth === undefined && parts.every(({ kind }) => kind === 'stored');
  if (query.held === undefined || !canBeHeld(query) || !isOfWindows || split.ofTime.length > 0)
    return undefined;
  if (!tile || others.length > 0 || plan.buckets.length < 2) return undefined;
  const from = query.held[0]?.from ?? tile.from;
  const isNear = from < tile.from && tile.from - from <= (tile.to - tile.from) * MOST_BEFORE;
  return isNear ? { ...tile, from } : tile;
}

/**
 * Finds what of a range is held by who asks and has not changed. A figure is a function of the shop, the catalogue, the query and
 * of what is stored of the windows in its bucket, and a stored window is a function of its version. A mark's tag is a hash of all
 * of them, made when each stored version was what was counted: while it is the same, so are the figures.
 * @param tile what `tileToCompare` gave
 * @param counted of that tile, read just before
 */
export function findHeld(
  resolved: ResolvedQuery,
  plan: Plan,
  tile: Tile,
  counted: Counted,
  context: HeldContext,
): Holding {
  if (context.firstDay === null || counted.size > MOST_WINDOWS)
    return { plan, counted: windowsIn(context.inOrder(counted), plan), marks: () => [] };
  const windows = context.inOrder(counted);
  const tagsOf = createTags(windows, seedOf(resolved, plan, tile, context));
  const { held = [] } = resolved.query;
  const first = plan.buckets[0]!.from;
  const from = held[0]?.from ?? first;
  const told = held.filter((mark) => mark.from === from && mark.until <= context.until);
  const ends = told.map(({ until }) => until);
  const now = from >= tile.from && from <= first ? tagsOf(from, ends) : [];
  const same = now.findLast(({ until, tag }) =>
    told.some((mark) => mark.until === until && mark.tag === tag),
  );
  // One bucket at least is answered.
  const cut = Math.min(same?.until ?? first, plan.buckets.at(-1)!.from);
  const left = plan.buckets.filter((bucket) => bucket.from >= cut);
  const isHeld = cut > first && left[0]?.from === cut;
  const rest = isHeld ? { ...plan, buckets: left, tiles: [{ ...tile, from: cut }] } : plan;
  const begin = isHeld ? from : first;
  return {
    plan: rest,
    ...(isHeld ? { answeredFrom: cut } : {}),
    counted: windowsIn(windows, rest),
    marks: (stored) => {
      const end = endOfComplete(rest.buckets, windows, stored, context.until);
      const complete = plan.buckets.flatMap(({ to }) => (to <= end ? [to] : []));
      const marked = MARKED_BACK.flatMap((back) => complete[complete.length - 1 - back] ?? []);
      const isTold = isHeld && marked.length === ends.length && marked.every((each) => ends.includes(each));
      return isTold ? now : tagsOf(begin, marked);
    },
  };
}

/** What was counted, window by window in order of time. */
export function inOrder(counted: Counted): readonly CountedWindow[] {
  return [...counted]
    .map(([id, version]): CountedWindow => ({ id, version, start: parseWindowId(id).start }))
    .sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1));
}

/** Of some windows those of a plan, and how much was counted of them. */
function windowsIn(windows: readonly CountedWindow[], { tiles }: Plan): Counted {
  const isIn = ({ start }: CountedWindow) => tiles.some(({ from, to }) => from <= start && start < to);
  return new Map(windows.filter(isIn).map(({ id, version }) => [id, version]));
}

/**
 * Makes tags of parts that begin at the same time.
 * @param windows in order of time
 * @param seed what the figures depend on beside them
 */
function createTags(windows: readonly CountedWindow[], seed: string) {
  return (from: number, ends: readonly number[]): HeldMark[] => {
    const hash = createHash('sha256').update(`${seed}\n${from}`);
    let next = windows.findIndex(({ start }) => start >= from);
    if (next < 0) next = windows.length;
    return ends
      .toSorted((a, b) => a - b)
      .map((until) => {
        // One text for the hash: a call for each window takes longer than hashing it.
        let text = '';
        for (; next < windows.length && windows[next]!.start < until; next++)
          text += `\n${windows[next]!.id} ${windows[next]!.version}`;
        return { from, until, tag: hash.update(text).copy().digest('base64url').slice(0, TAG_LENGTH) };
      });
  };
}

/** Where the first bucket begins that is not over, or of which not all is merged. */
function endOfComplete(
  answered: readonly TimeRange[],
  windows: readonly CountedWindow[],
  stored: ReadonlyMap<string, number>,
  until: number,
): number {
  const begin = answered[0]!.from;
  const ids = new Set(windows.map(({ id }) => id));
  const unlike = windows
    .filter(({ id, version, start }) => start >= begin && (stored.get(id) ?? -1) < version)
    .map(({ start }) => start);
  // Nothing would tell that such a window has changed.
  const uncounted = [...stored.keys()]
    .filter((id) => !ids.has(id))
    .map((id) => parseWindowId(id).start as number);
  const first = Math.min(until, ...unlike, ...uncounted);
  return answered.findLast(({ to }) => to <= first)?.to ?? begin;
}

function seedOf(
  { query, parts }: ResolvedQuery,
  { interval }: Plan,
  { resolution }: Tile,
  { shop, catalogVersion, firstDay }: HeldContext,
): string {
  const { metric, filters = [], quantile } = query;
  const { currency, scale, timeZone, weekStart, retention } = shop;
  const names = parts.map(({ name }) => name);
  return JSON.stringify([
    ...[FORM, catalogVersion, shop.shop, currency, scale, timeZone, weekStart, retention],
    ...[firstDay, interval, resolution],
    ...[metric, names, filters, quantile ?? null],
  ]);
}
