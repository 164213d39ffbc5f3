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
  type ZoneCalendar,
} from '@storepulse/contracts';
import { getOrCreate } from '../get-or-create.ts';
import { coarsen } from './coarsen.ts';
import type { Cell, Delta, WindowDelta } from './delta.ts';
import type { GroupPlan, Plan } from './plan.ts';

/** A stored document that a commit changes, and what is added to it; as folded, the whole part of a window. */
export interface TouchedWindow {
  readonly ref: WindowRef;
  readonly group: GroupPlan;
  readonly expireAt: EpochMs | null;
  readonly additions: readonly Addition[];
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
 * Spreads a commit's 10-second additions over the documents of every resolution: no stored window is derived from another
 * stored one. Windows past their retention at `now` are left out.
 * @returns by window id; an addition's cell may be that of others too, and must stay as it is
 */
export function foldDelta(
  delta: Delta,
  plan: Plan,
  shopOf: (shop: string) => ShopCalendar,
  now: number,
): Map<string, TouchedWindow> {
  const touched = new Map<string, TouchedWindow>();
  for (const [name, windows] of delta.shops) {
    const { shop, calendar } = shopOf(name);
    const counted = new Map([...windows].filter(([start]) => start >= plan.since));
    const folded = coarsen(counted, plan.groups, calendar);
    for (const resolution of RESOLUTIONS) {
      for (const [time, window] of folded[resolution]) {
        const start = time as EpochMs;
        if (resolution !== 'all' && start < plan.since) continue;
        const expireAt = windowExpiry({ resolution, start }, shop.retention, calendar);
        if (expireAt !== null && expireAt <= now) continue;
        const ref = { shop: shop.shop as ShopId, resolution, start, bucket: 0 };
        touchWindow(touched, window, { ref, expireAt }, plan);
      }
    }
  }
  return touched;
}

/** Adds the parts of one window: a document each. */
function touchWindow(
  touched: Map<string, TouchedWindow>,
  window: WindowDelta,
  { ref, expireAt }: { ref: Omit<WindowRef, 'group' | 'part'>; expireAt: EpochMs | null },
  { groups }: Plan,
): void {
  window.forEach((groupDelta, index) => {
    if (!groupDelta) return;
    const group = groups[index]!;
    // By part, so that ids are built once and not per value.
    const parts = new Map<string, Addition[]>();
    group.dimensions.forEach(({ name, spec }, dimension) => {
      const cells = groupDelta[dimension]!;
      if (cells.size === 0) return;
      const additions = getOrCreate(parts, partOf(spec), () => []);
      for (const [value, cell] of cells) additions.push({ dimension: name, spec, value, cell });
    });
    for (const [part, additions] of parts) {
      const its = { ...ref, group: group.name, part };
      touched.set(windowId(its), { ref: its, group, expireAt, additions });
    }
  });
}
