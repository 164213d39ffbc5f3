import {
  DISTINCT_STANDARD_ERROR,
  DISTRIBUTION_RELATIVE_ERROR,
  type DistinctState,
  type DistributionState,
  distributionCount,
  type PartMetric,
} from '@storepulse/contracts';
import type { States } from './fold.ts';

/**
 * How far a value that is computed from some states may be off, as a share of it: 0 when it is exact. Of many different
 * ids the standard error is told, of a distribution the bound.
 */
export function relativeError(parts: readonly PartMetric[], states: States): number {
  let error = 0;
  parts.forEach(({ measure }, i) => {
    if (measure === 'distinct' && (states[i] as DistinctState).registers)
      error = Math.max(error, DISTINCT_STANDARD_ERROR);
    if (measure === 'distribution' && distributionCount(states[i] as DistributionState) > 0)
      error = Math.max(error, DISTRIBUTION_RELATIVE_ERROR);
  });
  return error;
}
