import {
  type Catalog,
  type DimensionSpec,
  dimensionValue,
  type QueryFilter,
  timeDimensions,
} from '@storepulse/contracts';
import { ExporterError } from '../errors.ts';
import { type Keeps, readFilter } from './filters.ts';
import { checkValue } from './resolve.ts';

/** Filters over rows that have all their dimensions, so that several of them may be asked for at once. */
export interface RowFilters {
  /** Each filter on the values of its dimension. */
  readonly each: readonly { readonly dimension: string; readonly keeps: Keeps }[];
  /** @param raw the value of a dimension as it is stored with the row */
  keeps(raw: (dimension: string) => string | null | undefined): boolean;
  /** By dimension: the values of filters that no row has had. */
  unmet(): readonly { readonly dimension: DimensionSpec; readonly values: readonly string[] }[];
}

/**
 * Reads filters over rows.
 * @param kind what the rows are, for messages
 * @param allowed the dimensions that they have
 * @throws {ExporterError} `unknown_dimension`, `dimension_not_of_metric`, `unknown_value`, `invalid_request`
 */
export function readRowFilters(
  catalog: Catalog,
  filters: readonly QueryFilter[],
  kind: string,
  allowed: readonly string[],
): RowFilters {
  const read = filters.map((filter) => {
    const dimension = catalog.dimensions.get(filter.dimension);
    if (!dimension && !timeDimensions.has(filter.dimension))
      throw new ExporterError(
        'unknown_dimension',
        `"${filter.dimension}" is no dimension; ${kind} have ${allowed.join(', ')}`,
      );
    if (!dimension || !allowed.includes(dimension.name))
      throw new ExporterError(
        'dimension_not_of_metric',
        `${kind} have no ${filter.dimension}, only ${allowed.join(', ')}`,
      );
    const { keeps, named } = readFilter(filter);
    for (const value of named) checkValue(dimension, value);
    return { dimension, keeps, unmet: new Set(named) };
  });
  return {
    each: read.map(({ dimension, keeps }) => ({ dimension: dimension.name, keeps })),
    keeps: (raw) =>
      read.reduce((kept, { dimension, keeps, unmet }) => {
        const value = dimensionValue(dimension, raw(dimension.name));
        unmet.delete(value);
        return keeps(value) && kept;
      }, true),
    unmet: () => read.map(({ dimension, unmet }) => ({ dimension, values: [...unmet] })),
  };
}
