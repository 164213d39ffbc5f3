import {
  approximateSum,
  cumulativeCounts,
  type DistributionState,
  distributionCount,
  type Shop,
  type Unit,
} from '@storepulse/contracts';
import { BUCKETS, EXPOSED_UNITS } from './exposed-unit.ts';
import type { Sample } from './samples.ts';

/** Series of one histogram: the buckets, the one without a bound, sum and count. */
export const HISTOGRAM_SERIES = BUCKETS + 3;

/**
 * The series of a classic histogram of a stored distribution. Every value up to a bound is in its bucket, those above
 * it by less than 2.1 % may be; the sum is within 1 %.
 */
export function histogramSamples(
  labels: Sample['labels'],
  state: DistributionState,
  unit: Unit,
  shop: Pick<Shop, 'scale'>,
): Sample[] {
  const { bounds, stored } = EXPOSED_UNITS[unit];
  const each = stored(shop);
  const count = distributionCount(state);
  const counts = cumulativeCounts(
    state,
    bounds.map((bound) => bound * each),
  );
  const bucket = (le: string, value: number): Sample => ({
    suffix: '_bucket',
    labels: { ...labels, le },
    value,
  });
  return [
    ...bounds.map((bound, i) => bucket(String(bound), counts[i]!)),
    bucket('+Inf', count),
    { suffix: '_sum', labels, value: approximateSum(state) / each },
    { suffix: '_count', labels, value: count },
  ];
}
