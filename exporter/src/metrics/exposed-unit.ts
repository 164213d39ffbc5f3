import type { Shop, Unit } from '@storepulse/contracts';

/** How Prometheus gets the numbers of a unit: in base units, and money in whole currency units. */
export interface ExposedUnit {
  /** What a metric's name ends in before `_total`; empty: nothing. */
  readonly suffix: string;
  /** Upper bounds of a histogram's buckets, in the exposed unit. */
  readonly bounds: readonly number[];
  /** How many stored units one exposed unit is. */
  stored(shop: Pick<Shop, 'scale'>): number;
}

const one = () => 1;

/**
 * The exposed form of each unit. All have as many bounds, so that every histogram costs as many series: durations from
 * the answers of a computer to the attention of a person, amounts from a trifle to what any currency has.
 */
export const EXPOSED_UNITS: Readonly<Record<Unit, ExposedUnit>> = {
  milliseconds: {
    suffix: 'seconds',
    bounds: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    stored: () => 1_000,
  },
  money: {
    suffix: '',
    bounds: [1, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000, 100_000, 1_000_000],
    stored: ({ scale }) => 10 ** scale,
  },
  count: { suffix: '', bounds: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000], stored: one },
  ratio: { suffix: '', bounds: [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 0.9, 1], stored: one },
};

/** Bounds of a histogram, whatever its unit. */
export const BUCKETS = EXPOSED_UNITS.count.bounds.length;
