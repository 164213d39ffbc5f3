import type { Aggregator } from './aggregator.ts';
import { type DistinctState, distinct } from './distinct.ts';
import { type DistributionState, distribution } from './distribution.ts';
import { count, max, min, sum } from './numbers.ts';

export type { Aggregator, Stored } from './aggregator.ts';
export { DISTINCT_EXACT_LIMIT, DISTINCT_STANDARD_ERROR } from './distinct.ts';
export { DISTRIBUTION_RELATIVE_ERROR, distributionCount, quantile } from './distribution.ts';

/** The kinds of measure that can be stored. */
export type MeasureKind = 'count' | 'sum' | 'min' | 'max' | 'distinct' | 'distribution';
/** The state of any measure. */
export type MeasureState = number | DistinctState | DistributionState;

/** The aggregator of each kind; a cell's states go back only to the kind they came from. */
export const aggregators = { count, sum, min, max, distinct, distribution } as unknown as Readonly<
  Record<MeasureKind, Aggregator<MeasureState>>
>;
