import {
  type Catalog,
  type DimensionSpec,
  depthDimensions,
  dimensionValue,
  type MetricQuery,
  type MetricSpec,
  OTHER_VALUE,
  type PartMetric,
  type QueryFilter,
  type TimeDimension,
  TOTAL_DIMENSION,
  timeDimensions,
  UNKNOWN_VALUE,
} from '@storepulse/contracts';
import type { DepthTables } from '../depth/tables.ts';
import { ExporterError } from '../errors.ts';
import { type Keeps, readFilter } from './filters.ts';
import { checkHeatmap } from './heatmap.ts';
import { atQuantile } from './quantile.ts';
import { checkShare } from './share.ts';
import { createSplit, type Split } from './split.ts';

/** A filter over rows. */
export interface DepthFilter {
  readonly dimension: string;
  readonly keeps: Keeps;
  /** Values that it names. */
  readonly named: readonly string[];
}

/** A query whose names have been looked up in the catalogue. */
export interface ResolvedQuery {
  readonly query: MetricQuery;
  readonly metric: MetricSpec;
  /** The metrics it is computed from: all stored, or all over the same kind of facts. */
  readonly parts: readonly PartMetric[];
  /** The dimension whose cells are read; undefined: the total's. */
  readonly dimension: DimensionSpec | undefined;
  /** What the answer is split by, and which hours and weekdays count. */
  readonly split: Split;
  /** The group that a cell's value counts in, in a window of a slot; undefined: it is filtered away. */
  readonly groupOf: (value: string, slot: string) => string | undefined;
  /** The values of filters that `groupOf` has not met yet. */
  readonly unmet: () => readonly string[];
  /** Present when no cell answers it, and rows of the lake do: the filters, each on a dimension of its own or of several. */
  readonly depth?: readonly DepthFilter[];
}

/**
 * Looks a query's names up.
 * @throws {ExporterError} for an unknown metric or dimension, a dimension that the metric is not kept by, and
 *   filters that only rows with several dimensions could answer, by a value that the dimension can't have, or that are none.
 */
export function resolveQuery(
  catalog: Catalog,
  query: MetricQuery,
  depth?: Pick<DepthTables, 'dimensionsOf'>,
): ResolvedQuery {
  const asked = catalog.metrics.get(query.metric);
  if (!asked) {
    throw new ExporterError(
      'unknown_metric',
      `"${query.metric}" is no metric; GET /api/v1/catalog lists them all`,
    );
  }
  const metric = query.quantile === undefined ? asked : atQuantile(catalog, asked, query.quantile);
  const all = catalog.partsOf(metric);
  if (query.format === 'heatmap') checkHeatmap(query, asked);
  if (query.cumulative && all.some(({ kind }) => kind === 'fact')) {
    throw new ExporterError(
      'invalid_request',
      `"cumulative" can't be had of ${metric.name}: who counts in several buckets would be added up several times; ask for a table of the whole range`,
    );
  }
  if (query.share) checkShare(metric, all);
  const groupBy = listOf(query.groupBy);
  const filters = query.filters ?? [];
  const needed = neededDimensions(catalog, metric, groupBy, filters, depth);
  const ofRows = isOfCells(catalog, metric, needed) ? undefined : depthFilters(catalog, filters);
  const dimension = needed[0] === undefined || ofRows ? undefined : catalog.dimensions.get(needed[0]);
  const wanted = filters.filter((filter) => !timeDimensions.has(filter.dimension)).map(readFilter);
  const unmet = new Set(wanted.flatMap(({ named }) => named));
  if (dimension) for (const value of unmet) checkValue(dimension, value);
  const split = createSplit(
    groupBy.map((name) => timeDimensions.get(name) ?? specOf(catalog, name)!),
    filters.flatMap(readTimeFilter),
  );
  return {
    split,
    query,
    metric,
    parts: catalog.partsBy(metric, dimension?.name),
    dimension,
    groupOf: (value, slot) => {
      unmet.delete(value);
      return wanted.every(({ keeps }) => keeps(value)) ? split.groupOf(value, slot) : undefined;
    },
    unmet: () => [...unmet],
    ...(ofRows ? { depth: ofRows } : {}),
  };
}

/** A dimension of cells or of rows. */
const specOf = (catalog: Catalog, name: string): DimensionSpec | undefined =>
  catalog.dimensions.get(name) ?? depthDimensions.get(name);

/** Whether stored windows, or facts, answer a query that needs these dimensions. */
function isOfCells(catalog: Catalog, metric: MetricSpec, needed: readonly string[]): boolean {
  return needed.length === 0 || (needed.length === 1 && catalog.dimensionsOf(metric).includes(needed[0]!));
}

/** Filters over rows. @throws {ExporterError} `unknown_value`, `invalid_request` */
export function depthFilters(catalog: Catalog, filters: readonly QueryFilter[]): DepthFilter[] {
  return filters
    .filter((filter) => !timeDimensions.has(filter.dimension))
    .map((filter) => {
      const { keeps, named } = readFilter(filter);
      for (const value of named) checkValue(specOf(catalog, filter.dimension)!, value);
      return { dimension: filter.dimension, keeps, named };
    });
}

const listOf = (given: MetricQuery['groupBy']): readonly string[] =>
  given === undefined ? [] : typeof given === 'string' ? [given] : given;

function readTimeFilter(filter: QueryFilter): { dimension: TimeDimension; keeps: Keeps }[] {
  const dimension = timeDimensions.get(filter.dimension);
  if (!dimension) return [];
  const { keeps, named } = readFilter(filter);
  for (const value of named) checkValue(dimension, value);
  return [{ dimension, keeps }];
}

/** The dimensions that a query needs, beside hours and weekdays, which go with any. */
function neededDimensions(
  catalog: Catalog,
  metric: MetricSpec,
  groupBy: readonly string[],
  filters: readonly QueryFilter[],
  depth: Pick<DepthTables, 'dimensionsOf'> | undefined,
): readonly string[] {
  const asked = [...new Set([...groupBy, ...filters.map((filter) => filter.dimension)])];
  const inRows = depth?.dimensionsOf(metric) ?? [];
  for (const name of asked) if (!inRows.includes(name)) checkDimension(catalog, metric, name);
  const names = asked.filter((name) => !timeDimensions.has(name));
  if (isOfCells(catalog, metric, names) || names.every((name) => inRows.includes(name))) return names;
  const [first] = groupBy.filter((name) => !timeDimensions.has(name));
  const instead = `split and filter only by ${first ?? 'one of them'}; ${[...timeDimensions.keys()].join(' and ')} go with any`;
  if (!depth)
    throw new ExporterError(
      'unsupported_filter',
      `windows are kept by one dimension at a time, and this query needs ${names.join(' and ')} together: ${instead}. ` +
        'An exporter that reads the lake answers any combination: switch it on with npm start -- --with lake, or EXPORTER_DEPTH_MB',
    );
  throw new ExporterError(
    'unsupported_filter',
    `${metric.name} can't be told by ${names.join(' and ')} together: ${inRows.length > 0 ? `its rows have ${inRows.join(', ')}` : 'it has no rows in the lake'}. Else ${instead}`,
  );
}

const SWITCH_ON = 'switch that on with npm start -- --with lake, or EXPORTER_DEPTH_MB';
const ONE_VALUE =
  '. A customer counts once, under what the first order tells: an order has several products, so ask for orders or sales by them, split by cohort';

const isOfCustomers = (catalog: Catalog, metric: MetricSpec): boolean =>
  catalog.partsOf(metric).some((part) => part.kind === 'fact' && part.facts === 'customers');

/** Refuses a dimension that a metric can't be split by. @throws {ExporterError} `unknown_dimension`, `dimension_not_of_metric` */
export function checkDimension(catalog: Catalog, metric: MetricSpec, name: string): void {
  if (timeDimensions.has(name)) {
    if (catalog.timeDimensionsOf(metric).includes(name)) return;
    throw new ExporterError(
      'dimension_not_of_metric',
      `${metric.name} is computed from facts, not from windows of time: it can't be told by ${name}${isOfCustomers(catalog, metric) ? '; ask for orders, or for sales, by it' : ''}`,
    );
  }
  const ofRows = catalog.dimensions.has(name) ? undefined : depthDimensions.get(name);
  if (ofRows)
    throw new ExporterError(
      'dimension_not_of_metric',
      `${metric.name} is not kept by ${name}: of ${ofRows.toldBy === 'product' ? 'metrics that are counted by product' : 'orders, their edits and refunds'}, an exporter that reads the lake tells it; ${SWITCH_ON}`,
    );
  if (!catalog.dimensions.has(name)) {
    const known = [...catalog.dimensions.keys(), ...timeDimensions.keys()].join(', ');
    throw new ExporterError('unknown_dimension', `"${name}" is no dimension; there are ${known}`);
  }
  const own = catalog.dimensionsOf(metric);
  if (own.includes(name)) return;
  const hint =
    isOfCustomers(catalog, metric) || name !== 'cohort'
      ? ''
      : `. Of orders, and what becomes of them, an exporter that reads the lake tells it; ${SWITCH_ON}`;
  throw new ExporterError(
    'dimension_not_of_metric',
    own.length === 0
      ? `${metric.name} is kept as a total only, not by ${name}${hint}`
      : `${metric.name} is not kept by ${name}, only by ${own.join(', ')}${isOfCustomers(catalog, metric) ? ONE_VALUE : hint}`,
  );
}

/** A value that a dimension can never have is a typing error: no answer would ever hold it. */
export function checkValue(dimension: DimensionSpec, value: string): void {
  const isOfTime = timeDimensions.has(dimension.name);
  if (!isOfTime && (value === OTHER_VALUE || value === UNKNOWN_VALUE)) return;
  if (value !== '' && dimensionValue(dimension, value) !== OTHER_VALUE) return;
  const { name, domain } = dimension;
  const possible = 'values' in domain ? `there are ${domain.values.join(', ')}` : `it takes ${domain.form}`;
  throw new ExporterError(
    'unknown_value',
    `${name} can't be "${value}"; ${possible}${isOfTime ? '' : `, ${UNKNOWN_VALUE} and ${OTHER_VALUE}`}`,
  );
}

/** The name under which a dimension's cells are stored. */
export function cellsName(dimension: DimensionSpec | undefined): string {
  return dimension?.name ?? TOTAL_DIMENSION;
}
