import {
  type Catalog,
  type MeasureKind,
  type MetricSpec,
  type StoredMetric,
  TOTAL_DIMENSION,
} from '@storepulse/contracts';

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
  readonly type: 'counter' | 'gauge';
  readonly metric: MetricSpec;
  /** The stored metrics it is computed from. */
  readonly parts: readonly StoredMetric[];
  /** A dimension, or `total`. */
  readonly dimension: string;
}

/**
 * The Prometheus metrics of a catalogue: of each count and sum the total, and one metric per dimension that it is kept by.
 * They have names of their own, so that a sum over one never counts a total and its parts together.
 */
export function familiesOf(catalog: Catalog): Family[] {
  return [...catalog.metrics.values()]
    .filter((metric) => isExposed(catalog, metric))
    .flatMap((metric) => {
      const dimensions = catalog.dimensionsOf(metric).filter((name) => EXPOSED_DIMENSIONS.includes(name));
      return [TOTAL_DIMENSION, ...dimensions].map((dimension) => family(catalog, metric, dimension));
    });
}

function family(catalog: Catalog, metric: MetricSpec, dimension: string): Family {
  const type = neverFalls(metric, dimension) ? 'counter' : 'gauge';
  const name = [
    'storepulse',
    metric.name,
    dimension === TOTAL_DIMENSION ? '' : `by_${dimension}`,
    metric.unit === 'milliseconds' ? 'seconds' : '',
    type === 'counter' ? 'total' : '',
  ];
  return {
    name: name.filter(Boolean).join('_'),
    help: `${metric.title}, since the shop's first event. ${metric.description}`,
    type,
    metric,
    parts: storedParts(catalog, metric),
    dimension,
  };
}

const EXPOSED_MEASURES: ReadonlySet<MeasureKind> = new Set(['count', 'sum', 'distinct']);

/** Prometheus divides counters over the range that it is asked for; quotients, quantiles and extremes of all times tell nothing. */
const isExposed = (catalog: Catalog, metric: MetricSpec): boolean =>
  (metric.kind === 'derived' && storedParts(catalog, metric).length > 0) ||
  (metric.kind === 'stored' && EXPOSED_MEASURES.has(metric.measure));

const storedParts = (catalog: Catalog, metric: MetricSpec): StoredMetric[] =>
  catalog.partsOf(metric).filter((part) => part.kind === 'stored');

/** Only a value that never falls may be a counter: visits move between values of a dimension, signed sums go down. */
function neverFalls(metric: MetricSpec, dimension: string): boolean {
  if (metric.kind !== 'stored' || metric.signed) return false;
  if (metric.measure !== 'count' && metric.measure !== 'sum') return false;
  return dimension === TOTAL_DIMENSION || metric.source.from !== 'session';
}
