import type { Aggregator } from './aggregator.ts';
import { type DistinctState, distinct } from './distinct.ts';
import { type DistributionState, distribution } from './distribution.ts';
import { type LastState, last } from './last.ts';
import { count, max, min, sum } from './numbers.ts';

export type { Aggregator, MeasureValue, Observation, Stored } from './aggregator.ts';
export {
  DISTINCT_EXACT_LIMIT,
  DISTINCT_REGISTER_BITS,
  DISTINCT_STANDARD_ERROR,
  type DistinctState,
  distinctOf,
} from './distinct.ts';
export {
  addTimes,
  approximateSum,
  cumulativeCounts,
  DISTRIBUTION_BIN_WIDTH,
  DISTRIBUTION_RELATIVE_ERROR,
  type DistributionState,
  distributionCount,
  distributionExtent,
  quantile,
} from './distribution.ts';

/** The kinds of measure that can be stored. */
export type MeasureKind = 'count' | 'sum' | 'min' | 'max' | 'distinct' | 'distribution' | 'last';
/** The state of any measure. */
export type MeasureState = number | DistinctState | DistributionState | LastState;

/** The aggregator of each kind; a cell's states go back only to the kind they came from. */
export const aggregators = { count, sum, min, max, distinct, distribution, last } as unknown as Readonly<
  Record<MeasureKind, Aggregator<MeasureState>>
>;
