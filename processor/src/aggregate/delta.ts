import type { MeasureState } from '@storepulse/contracts';

/** States of one group's metrics by slot; NaN, which is no measure's state, where nothing has been added. */
export type Cell = MeasureState[];

/** A cell without additions. All numbers, so that a cell of counts and sums is an array of unboxed doubles. */
export const emptyCell = (slots: number): Cell => new Array<MeasureState>(slots).fill(Number.NaN);

/** Whether nothing has been added to a slot. */
export const isEmpty = (state: MeasureState): boolean => Number.isNaN(state);

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
  /** What its 10-second windows weigh: one that is kept becomes a handful of documents, and weighs 1. */
  windows: number;
  readonly weightOf: WeightOf;
}

/** What a shop's 10-second window that begins at `start` (epoch ms) weighs. */
export type WeightOf = (shop: string, start: number) => number;

/** A delta without additions. @param weightOf @default each window weighs 1 */
export const emptyDelta = (weightOf: WeightOf = () => 1): Delta => ({
  ...{ shops: new Map(), windows: 0, weightOf },
});

/** Length of the base window; every coarser one is a union of these. */
export const BASE_WINDOW_MS = 10_000;

/** The window of `delta` that an instant falls in, made when it is new. */
export function windowOf(delta: Delta, shop: string, time: number): WindowDelta {
  let windows = delta.shops.get(shop);
  if (!windows) {
    windows = new Map();
    delta.shops.set(shop, windows);
  }
  const start = Math.floor(time / BASE_WINDOW_MS) * BASE_WINDOW_MS;
  let window = windows.get(start);
  if (!window) {
    window = [];
    windows.set(start, window);
    delta.windows += delta.weightOf(shop, start);
  }
  return window;
}

/** A dimension of a 10-second window has so many values in one task, and more only where it is a wide one. */
const ORDINARY_VALUES = 256;

/** How many cells lie in dimensions that have more values in one window than is ordinary. */
export function wideCells({ shops }: Delta): number {
  let found = 0;
  for (const windows of shops.values()) {
    for (const window of windows.values()) {
      for (const group of window) {
        if (group) for (const { size } of group) if (size > ORDINARY_VALUES) found += size;
      }
    }
  }
  return found;
}
