import { splitsOf } from '@storepulse/contracts/grafana/query-types';
import type { Catalog } from '../api/catalog';
import type { StorepulseQuery } from '../types';

/** Whether a dimension is told by the time of a window, as hours and weekdays are: it goes together with any other one. */
export function isOfTime(dimension: string, catalog: Catalog | undefined): boolean {
  return catalog?.dimensions.find(({ name }) => name === dimension)?.ofTime ?? false;
}

/** The one dimension that a query's figures must be kept by: of its split, or else of its filters. */
export function ownDimension(
  query: Pick<StorepulseQuery, 'groupBy' | 'thenBy' | 'filters'>,
  catalog: Catalog | undefined,
): { name: string; isSplit: boolean } | undefined {
  const isOwn = (name: string) => name !== '' && !isOfTime(name, catalog);
  const split = splitsOf(query).find(isOwn);
  const name = split ?? query.filters?.map(({ dimension }) => dimension).find(isOwn);
  return name === undefined ? undefined : { name, isSplit: split !== undefined };
}
