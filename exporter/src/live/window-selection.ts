import {
  aggregators,
  type Catalog,
  COLLECTIONS,
  canSpread,
  cellName,
  type DimensionSpec,
  type LiveMetricsQuery,
  type MetricDocument,
  type MetricSpec,
  NARROW_PART,
  type Shop,
  type StoredMetric,
  TOTAL_DIMENSION,
  unescapeField,
  type WindowLine,
} from '@storepulse/contracts';
import { ExporterError } from '../errors.ts';
import { evaluateMetric } from '../query/evaluate-metric.ts';
import { zeroStates } from '../query/fold.ts';
import { checkDimension } from '../query/resolve.ts';
import { toReadable } from '../query/units.ts';
import type { LiveSelection } from './selection.ts';

/** A metric that windows of one group tell by themselves. */
interface LiveMetric {
  readonly metric: MetricSpec;
  readonly parts: readonly StoredMetric[];
  readonly group: string;
}

/** What a stream of windows is about. */
export interface LiveWindows {
  readonly selection: LiveSelection;
  /** The line of a window. */
  lineOf(document: MetricDocument, id: string): WindowLine;
}

const DEFAULT_RESOLUTION = '1m';

/**
 * Finds the windows that tell the metrics that are asked for.
 * @throws {ExporterError} for an unknown metric or dimension, and for one that no single window tells
 */
export function liveWindows(
  catalog: Catalog,
  query: LiveMetricsQuery,
  shop: Shop,
  from: number | undefined,
): LiveWindows {
  const metrics = query.metric.map((name) => liveMetric(catalog, name, query.dimension));
  const dimension = dimensionOf(catalog, query.dimension, metrics);
  const cells = dimension?.name ?? TOTAL_DIMENSION;
  const resolution = query.resolution ?? DEFAULT_RESOLUTION;
  return {
    selection: {
      sources: [...new Set(metrics.map(({ group }) => group))].map((group) => ({
        collection: COLLECTIONS.metrics,
        filter: { shop: shop.shop, group, part: NARROW_PART, resolution, bucket: 0 },
      })),
      ...{ time: 'start', hasDates: true, tellsChanges: true },
      fields: ['group', 'end', 'version', 'final', `cells.${cells}`],
      // The lifetime begins before every time.
      from: from !== undefined && resolution === 'all' ? 0 : from,
    },
    lineOf: ({ group, start, end, version, final, cells: stored }, id) => ({
      ...{ type: 'window', id, start: start.getTime(), end: end?.getTime() ?? null, version, final },
      values: Object.fromEntries(
        metrics
          .filter((each) => each.group === group)
          .map(({ metric, parts }) => [metric.name, valuesOf(stored?.[cells] ?? {}, metric, parts, shop)]),
      ),
    }),
  };
}

function valuesOf(
  cells: MetricDocument['cells'][string],
  metric: MetricSpec,
  parts: readonly StoredMetric[],
  shop: Shop,
): Record<string, number | null> {
  return Object.fromEntries(
    Object.entries(cells).map(([field, cell]) => {
      const states = zeroStates(parts);
      parts.forEach((part, i) => {
        const stored = cell[cellName(part)];
        if (stored !== undefined) states[i] = aggregators[part.measure].decode(stored);
      });
      return [unescapeField(field), toReadable(metric, evaluateMetric(metric, parts, states).value, shop)];
    }),
  );
}

function liveMetric(catalog: Catalog, name: string, dimension: string | undefined): LiveMetric {
  const metric = catalog.metrics.get(name);
  if (!metric)
    throw new ExporterError('unknown_metric', `"${name}" is no metric; GET /api/v1/catalog lists them all`);
  const parts = catalog
    .partsBy(metric, dimension)
    .filter((part): part is StoredMetric => part.kind === 'stored');
  const [first] = parts;
  if (!first)
    throw new ExporterError(
      'invalid_request',
      `${name} is computed from facts, and has no windows that change: ask POST /api/v1/query for it`,
    );
  const other = parts.find(({ group }) => group !== first.group);
  if (other)
    throw new ExporterError(
      'invalid_request',
      `${name} is computed from windows of several groups, of which one changes at a time: ask for ${parts.map((part) => part.name).join(' and ')}`,
    );
  return { metric, parts, group: first.group };
}

function dimensionOf(
  catalog: Catalog,
  name: string | undefined,
  metrics: readonly LiveMetric[],
): DimensionSpec | undefined {
  if (name === undefined) return undefined;
  for (const { metric } of metrics) checkDimension(catalog, metric, name);
  const dimension = catalog.dimensions.get(name);
  if (!dimension)
    throw new ExporterError(
      'invalid_request',
      `${name} is told by the start of each window: leave out "dimension", or ask POST /api/v1/query for it`,
    );
  if (canSpread(dimension))
    throw new ExporterError(
      'invalid_request',
      `values of ${name} may be in several documents of a window, of which one changes at a time: ask POST /api/v1/query for them`,
    );
  return dimension;
}
