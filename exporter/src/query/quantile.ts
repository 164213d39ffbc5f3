import { type Catalog, type MetricSpec, type QuantileMetric, quantileOf } from '@storepulse/contracts';
import { ExporterError } from '../errors.ts';

/**
 * A quantile of the distribution that a metric is, or is a quantile of, under the metric's name.
 * @throws {ExporterError} `invalid_request` when it is neither
 */
export function atQuantile(catalog: Catalog, metric: MetricSpec, quantile: number): QuantileMetric {
  const of = metric.kind === 'quantile' ? catalog.metrics.get(metric.of)! : metric;
  if (of.kind !== 'stored' || of.measure !== 'distribution')
    throw new ExporterError(
      'invalid_request',
      `"quantile" can't be had of ${metric.name}: it is no distribution, such as view_duration`,
    );
  return { ...quantileOf(of, [quantile])[0]!, name: metric.name };
}
