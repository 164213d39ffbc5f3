import {
  type Catalog,
  type MetricSpec,
  type PartMetric,
  type StoredMetric,
  TOTAL_DIMENSION,
} from '@storepulse/contracts';
import { EXPOSED_UNITS } from './exposed-unit.ts';

/** Dimensions that Prometheus gets series for: few values, and none of them names a product or a person. */
const EXPOSED_DIMENSIONS: readonly string[] = [
  'country',
  'device',
  'channel',
  'category',
  'payment_method',
  'step',
  'shop_service',
];

/** One Prometheus metric. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly metric: MetricSpec;
  /** The stored metrics it is computed from. */
  readonly parts: readonly StoredMetric[];
  /** A dimension, or `total`. */
  readonly dimension: string;
}

/**
 * The Prometheus metrics of a catalogue: of each count and sum the total, and one metric per dimension that it is kept
 * by; of each distribution a histogram. They have names of their own, so that a sum over one never counts a total and
 * its parts together.
 */
export function familiesOf(catalog: Catalog): Family[] {
  return [...catalog.metrics.values()].flatMap((metric) => {
    const parts = storedParts(catalog.partsOf(metric));
    const type = typeOf(metric, parts);
    if (!type) return [];
    const dimensions = splits(metric, type)
      ? catalog.dimensionsOf(metric).filter((name) => isExposed(name, metric, parts, catalog))
      : [];
    return [TOTAL_DIMENSION, ...dimensions].map((dimension) =>
      family(metric, storedParts(catalog.partsBy(metric, dimension)), dimension, type),
    );
  });
}

const storedParts = (parts: readonly PartMetric[]): readonly StoredMetric[] =>
  parts.filter((part) => part.kind === 'stored');

/** Of the dimensions that were added, all but those of many values: who adds one wants to see it. */
function isExposed(
  name: string,
  metric: MetricSpec,
  parts: readonly StoredMetric[],
  catalog: Catalog,
): boolean {
  if (EXPOSED_DIMENSIONS.includes(name)) return true;
  const isAdded = catalog.partsBy(metric, name).some((part, i) => part !== parts[i]);
  return isAdded && !catalog.dimensions.get(name)!.wide;
}

function family(
  metric: MetricSpec,
  parts: readonly StoredMetric[],
  dimension: string,
  type: Family['type'],
): Family {
  const name = [
    'storepulse',
    metric.name,
    dimension === TOTAL_DIMENSION ? '' : `by_${dimension}`,
    EXPOSED_UNITS[metric.unit].suffix,
    type === 'counter' ? 'total' : '',
  ];
  return {
    name: name.filter(Boolean).join('_'),
    help: `${metric.title}, since the shop's first event. ${metric.description}`,
    type,
    metric,
    parts,
    dimension,
  };
}

/**
 * How a metric is exposed; undefined: not at all. Prometheus divides counters over the range that it is asked for:
 * quotients, quantiles and extremes of all times tell it nothing, and metrics over facts are too costly for a scrape.
 * Only what never falls may be a counter or a histogram.
 */
function typeOf(metric: MetricSpec, parts: readonly StoredMetric[]): Family['type'] | undefined {
  if (metric.kind === 'derived') return parts.length > 0 ? 'gauge' : undefined;
  if (metric.kind !== 'stored') return undefined;
  switch (metric.measure) {
    case 'count':
    case 'sum':
      return metric.signed ? 'gauge' : 'counter';
    case 'distinct':
      return 'gauge';
    case 'distribution':
      return isOfVisits(metric) ? undefined : 'histogram';
    default:
      return undefined;
  }
}

/** A late event can move a visit from one value of a dimension to another: rates of such lifetime totals tell nothing. */
const splits = (metric: MetricSpec, type: Family['type']): boolean =>
  type !== 'histogram' && !isOfVisits(metric);

const isOfVisits = (metric: MetricSpec): boolean =>
  metric.kind === 'stored' && metric.source.from === 'session';
