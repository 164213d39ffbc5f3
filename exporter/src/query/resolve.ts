import {
  type Catalog,
  type DimensionSpec,
  dimensionValue,
  type MetricQuery,
  type MetricSpec,
  OTHER_VALUE,
  type PartMetric,
  type QueryFilter,
  TOTAL_DIMENSION,
  TOTAL_VALUE,
  UNKNOWN_VALUE,
} from '@storepulse/contracts';
import { ExporterError } from '../errors.ts';
import { readFilter } from './filters.ts';
import { checkHeatmap } from './heatmap.ts';
import { atQuantile } from './quantile.ts';
import { checkShare } from './share.ts';

/** A query whose names have been looked up in the catalogue. */
export interface ResolvedQuery {
  readonly query: MetricQuery;
  readonly metric: MetricSpec;
  /** The metrics it is computed from: all stored, or all over the same kind of facts. */
  readonly parts: readonly PartMetric[];
  /** The dimension whose cells are read; undefined: the total's. */
  readonly dimension: DimensionSpec | undefined;
  /** The group that a cell's value counts in; undefined: it is filtered away. */
  readonly groupOf: (value: string) => string | undefined;
  /** The values of filters that `groupOf` has not met yet. */
  readonly unmet: () => string[];
}

/**
 * Looks a query's names up.
 * @throws {ExporterError} for an unknown metric or dimension, a dimension that the metric is not kept by, and
 *   filters that only rows with several dimensions could answer, by a value that the dimension can't have, or that are none.
 */
export function resolveQuery(catalog: Catalog, query: MetricQuery): ResolvedQuery {
  const asked = catalog.metrics.get(query.metric);
  if (!asked) {
    throw new ExporterError(
      'unknown_metric',
      `"${query.metric}" is no metric; GET /api/v1/catalog lists them all`,
    );
  }
  const metric = query.quantile === undefined ? asked : atQuantile(catalog, asked, query.quantile);
  const parts = catalog.partsOf(metric);
  if (query.format === 'heatmap') checkHeatmap(query, asked);
  if (query.cumulative && parts.some(({ kind }) => kind === 'fact')) {
    throw new ExporterError(
      'invalid_request',
      `"cumulative" can't be had of ${metric.name}: who counts in several buckets would be added up several times; ask for a table of the whole range`,
    );
  }
  if (query.share) checkShare(metric, parts);
  const filters = query.filters ?? [];
  const dimension = dimensionOf(catalog, metric, query.groupBy, filters);
  const wanted = filters.map(readFilter);
  const unmet = new Set(wanted.flatMap(({ named }) => named));
  if (dimension) for (const value of unmet) checkValue(dimension, value);
  return {
    query,
    metric,
    parts,
    dimension,
    groupOf: (value) => {
      unmet.delete(value);
      if (!wanted.every(({ keeps }) => keeps(value))) return undefined;
      return query.groupBy === undefined ? TOTAL_VALUE : value;
    },
    unmet: () => [...unmet],
  };
}

function dimensionOf(
  catalog: Catalog,
  metric: MetricSpec,
  groupBy: string | undefined,
  filters: readonly QueryFilter[],
): DimensionSpec | undefined {
  const names = [...new Set([groupBy ?? [], filters.map((filter) => filter.dimension)].flat(2))];
  for (const name of names) checkDimension(catalog, metric, name);
  if (names.length > 1) {
    throw new ExporterError(
      'unsupported_filter',
      `windows are kept by one dimension at a time, and this query needs ${names.join(' and ')} together: ` +
        `filter only by ${groupBy ?? 'one of them'}`,
    );
  }
  return names[0] === undefined ? undefined : catalog.dimensions.get(names[0]);
}

export function checkDimension(catalog: Catalog, metric: MetricSpec, name: string): void {
  if (!catalog.dimensions.has(name)) {
    const known = [...catalog.dimensions.keys()].join(', ');
    throw new ExporterError('unknown_dimension', `"${name}" is no dimension; there are ${known}`);
  }
  const own = catalog.dimensionsOf(metric);
  if (own.includes(name)) return;
  throw new ExporterError(
    'dimension_not_of_metric',
    own.length === 0
      ? `${metric.name} is kept as a total only, not by ${name}`
      : `${metric.name} is not kept by ${name}, only by ${own.join(', ')}`,
  );
}

/** A value that a dimension can never have is a typing error: no answer would ever hold it. */
export function checkValue(dimension: DimensionSpec, value: string): void {
  if (value === OTHER_VALUE || value === UNKNOWN_VALUE) return;
  if (value !== '' && dimensionValue(dimension, value) !== OTHER_VALUE) return;
  const { name, domain } = dimension;
  const possible = 'values' in domain ? `there are ${domain.values.join(', ')}` : `it takes ${domain.form}`;
  throw new ExporterError(
    'unknown_value',
    `${name} can't be "${value}"; ${possible}, ${UNKNOWN_VALUE} and ${OTHER_VALUE}`,
  );
}

/** The name under which a dimension's cells are stored. */
export function cellsName(dimension: DimensionSpec | undefined): string {
  return dimension?.name ?? TOTAL_DIMENSION;
}
