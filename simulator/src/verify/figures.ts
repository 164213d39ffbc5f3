import {
  aggregators,
  type DistributionState,
  distributionCount,
  type MeasureState,
  quantile,
  type Stored,
  type StoredMetric,
} from '@storepulse/contracts';

/** How some values are spread, as far as it is shown. */
export interface Spread {
  readonly count: number;
  /** The value below which a share of them lies; null when there are none. */
  quantile(share: number): number | null;
}

/** How many values there are, and how many of them do not exceed a bound. */
export interface Histogram {
  readonly count: number;
  readonly buckets: readonly (readonly [bound: number, count: number])[];
}

/** What a cell shows: a number, a distribution in one of its forms, or null where there is none. */
export type Figure = number | null | Spread | Histogram;

/** Cells that are shown, by `cellKey`. */
export type ShownCells = Map<string, Figure>;

/** Names a cell within its window. */
export const cellKey = (metric: string, dimension: string, value: string) =>
  `${metric}|${dimension}|${value}`;

/** Reads a cell's key; the value may hold a `|` itself. */
export function parseCellKey(key: string): { metric: string; dimension: string; value: string } {
  const [metric = '', dimension = '', ...value] = key.split('|');
  return { metric, dimension, value: value.join('|') };
}

/** Reads the form at rest of a measure. */
export function readStored(metric: StoredMetric, stored: Stored): Figure {
  return figureOf(metric, aggregators[metric.measure].decode(stored));
}

/** Gathers the cells of one window: several documents may each hold a share of a cell. */
export function gatherCells(): {
  add(metric: StoredMetric, dimension: string, value: string, stored: Stored): void;
  shown(): ShownCells;
} {
  const cells = new Map<string, { readonly metric: StoredMetric; readonly state: MeasureState }>();
  return {
    add: (metric, dimension, value, stored) => {
      const key = cellKey(metric.name, dimension, value);
      const { decode, merge } = aggregators[metric.measure];
      const before = cells.get(key)?.state;
      const state = decode(stored);
      cells.set(key, { metric, state: before === undefined ? state : merge(before, state) });
    },
    shown: () => new Map([...cells].map(([key, { metric, state }]) => [key, figureOf(metric, state)])),
  };
}

function figureOf({ measure }: StoredMetric, state: MeasureState): Figure {
  const aggregator = aggregators[measure];
  if (measure !== 'distribution') return aggregator.value(state);
  const distribution = state as DistributionState;
  return { count: distributionCount(distribution), quantile: (share) => quantile(distribution, share) };
}
