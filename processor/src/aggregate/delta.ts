import type { MeasureState } from '@storepulse/contracts';
import { getOrCreate } from '../get-or-create.ts';

/** States of one group's metrics by slot; an empty slot has not been added to. */
export type Cell = (MeasureState | undefined)[];

/** Cells of one group by dimension index, then by value. */
export type GroupDelta = Map<string, Cell>[];

/** What has been added to one 10-second window: by group index. */
export type WindowDelta = (GroupDelta | undefined)[];

/**
 * What has been added since the last commit, by shop and start of the 10-second window. Nested maps, not composed
 * keys: an event costs a few map look-ups and no string building.
 */
export interface Delta {
  readonly shops: Map<string, Map<number, WindowDelta>>;
  /** How many 10-second windows it holds: each becomes a handful of documents. */
  windows: number;
}

/** A delta without additions. */
export const emptyDelta = (): Delta => ({ shops: new Map(), windows: 0 });

/** Length of the base window; every coarser one is a union of these. */
export const BASE_WINDOW_MS = 10_000;

/** The window of `delta` that an instant falls in, made when it is new. */
export function windowOf(delta: Delta, shop: string, time: number): WindowDelta {
  const windows = getOrCreate(delta.shops, shop, () => new Map<number, WindowDelta>());
  const start = Math.floor(time / BASE_WINDOW_MS) * BASE_WINDOW_MS;
  let window = windows.get(start);
  if (!window) {
    window = [];
    windows.set(start, window);
    delta.windows++;
  }
  return window;
}
