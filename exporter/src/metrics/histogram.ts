import {
  approximateSum,
  cumulativeCounts,
  type DistributionState,
  distributionCount,
} from '@storepulse/contracts';
import type { Sample } from './samples.ts';

/** Upper bounds of the buckets in seconds: answers of a computer, then the attention of a person. */
const BUCKET_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] as const;
/** Series of one histogram: the buckets, the one without a bound, sum and count. */
export const HISTOGRAM_SERIES = BUCKET_SECONDS.length + 3;

/** The series of a classic histogram, of a distribution in milliseconds; bounds and sum are within 1 %. */
export function histogramSamples(labels: Sample['labels'], state: DistributionState): Sample[] {
  const count = distributionCount(state);
  const counts = cumulativeCounts(
    state,
    BUCKET_SECONDS.map((seconds) => seconds * 1_000),
  );
  const bucket = (le: string, value: number): Sample => ({
    suffix: '_bucket',
    labels: { ...labels, le },
    value,
  });
  return [
    ...BUCKET_SECONDS.map((seconds, i) => bucket(String(seconds), counts[i]!)),
    bucket('+Inf', count),
    { suffix: '_sum', labels, value: approximateSum(state) / 1_000 },
    { suffix: '_count', labels, value: count },
  ];
}
