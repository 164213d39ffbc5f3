import { storeHistory } from './history.ts';
import type { PointOptions } from './point.ts';

/** A size of a curve, and what it is measured with. */
export interface CurveSize
  extends Omit<PointOptions, 'name' | 'events' | 'fill' | 'limitMs' | 'profileFolder'> {
  readonly size: string;
  /** Fills a database beforehand. @param first the database of the curve's first point, which is full by then */
  readonly fill?: (mongoUri: string, first: string, database: string) => Promise<void>;
}

const common = { shops: 1, skus: 1_000, partitions: 4, processes: 1 } as const;
/** A task is of one process: so many for each of eight. */
const SHARED = 16;

/** The curves, the smallest size first. */
export const CURVES = {
  shops: [1, 100, 1_000].map((shops): CurveSize => ({ ...common, shops, size: `${shops} shops` })),
  partitions: [1, 64, 512].map(
    (partitions): CurveSize => ({ ...common, partitions, size: `${partitions} partitions` }),
  ),
  skus: [1_000, 100_000].map((skus): CurveSize => ({ ...common, skus, size: `${skus} SKUs` })),
  history: [0, 30, 365].map(
    (days): CurveSize => ({
      ...common,
      size: `${days} days stored`,
      fill: (uri, first, database) => storeHistory(uri, first, database, days),
    }),
  ),
  processes: [1, 4, 8].map(
    (processes): CurveSize => ({ ...common, partitions: SHARED, processes, size: `${processes} processes` }),
  ),
} satisfies Record<string, readonly CurveSize[]>;
/** A curve. */
export type CurveName = keyof typeof CURVES;
