import {
  type DimensionSpec,
  type EpochMs,
  partOf,
  RESOLUTIONS,
  type Shop,
  type ShopId,
  type WindowRef,
  windowExpiry,
  windowId,
  windowStart,
  type ZoneCalendar,
} from '@storepulse/contracts';
import { getOrCreate } from '../get-or-create.ts';
import type { Cell, Delta, WindowDelta } from './delta.ts';
import type { GroupPlan, Plan } from './plan.ts';

/** A stored document that a commit changes, and what is added to it; as folded, the whole part of a window. */
export interface TouchedWindow {
  readonly ref: WindowRef;
  readonly group: GroupPlan;
  readonly expireAt: EpochMs | null;
  readonly additions: Addition[];
}

/** What is added to one cell. */
export interface Addition {
  readonly dimension: string;
  /** Undefined for the total. */
  readonly spec: DimensionSpec | undefined;
  readonly value: string;
  readonly cell: Cell;
}

/** What folding needs to know of a shop. */
export interface ShopCalendar {
  readonly shop: Shop;
  readonly calendar: ZoneCalendar;
}

/**
 * Spreads a commit's 10-second additions over the documents of every resolution, each straight from the events: no
 * stored window is derived from another stored one. Windows past their retention at `now` are left out.
 */
export function foldDelta(
  delta: Delta,
  plan: Plan,
  shopOf: (shop: string) => ShopCalendar,
  now: number,
): Map<string, TouchedWindow> {
  const touched = new Map<string, TouchedWindow>();
  for (const [shop, windows] of delta.shops) {
    const known = shopOf(shop);
    for (const [start, window] of windows) {
      if (start >= plan.since) foldWindow(touched, window, start, known, plan, now);
    }
  }
  return touched;
}

function foldWindow(
  touched: Map<string, TouchedWindow>,
  window: WindowDelta,
  time: number,
  { shop, calendar }: ShopCalendar,
  plan: Plan,
  now: number,
): void {
  for (const resolution of RESOLUTIONS) {
    const start = windowStart(resolution, time, calendar);
    if (resolution !== 'all' && start < plan.since) continue;
    const expireAt = windowExpiry({ resolution, start }, shop.retention, calendar);
    if (expireAt !== null && expireAt <= now) continue;
    window.forEach((groupDelta, index) => {
      if (!groupDelta) return;
      const group = plan.groups[index]!;
      // By part, so that ids are built once and not per value.
      const parts = new Map<string, TouchedWindow>();
      group.dimensions.forEach(({ name, spec }, dimension) => {
        const cells = groupDelta[dimension]!;
        if (cells.size === 0) return;
        const part = partOf(spec);
        const ref = { shop: shop.shop as ShopId, group: group.name, part, resolution, start, bucket: 0 };
        const { additions } = getOrCreate(parts, part, () => touch(touched, ref, group, expireAt));
        for (const [value, cell] of cells) additions.push({ dimension: name, spec, value, cell });
      });
    });
  }
}

function touch(
  touched: Map<string, TouchedWindow>,
  ref: WindowRef,
  group: GroupPlan,
  expireAt: EpochMs | null,
): TouchedWindow {
  return getOrCreate(touched, windowId(ref), () => ({ ref, group, expireAt, additions: [] }));
}
