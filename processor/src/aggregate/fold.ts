import {
  bucketOf,
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

/** A stored document that a commit changes, and what is added to it. */
export interface TouchedWindow {
  readonly ref: WindowRef;
  readonly group: GroupPlan;
  readonly expireAt: EpochMs | null;
  readonly additions: { readonly dimension: string; readonly value: string; readonly cell: Cell }[];
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
      // Documents of this window and group by part and bucket, so that ids are built once and not per value.
      const documents = new Map<string, TouchedWindow[]>();
      group.dimensions.forEach(({ name, spec }, dimension) => {
        const part = partOf(spec);
        for (const [value, cell] of groupDelta[dimension]!) {
          const bucket = bucketOf(spec, resolution, value);
          const buckets = getOrCreate(documents, part, () => [] as TouchedWindow[]);
          buckets[bucket] ??= touch(
            touched,
            { shop: shop.shop as ShopId, group: group.name, part, resolution, start, bucket },
            group,
            expireAt,
          );
          buckets[bucket].additions.push({ dimension: name, value, cell });
        }
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
