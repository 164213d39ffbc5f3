import { hasVariable } from '@storepulse/contracts/grafana/references';
import type { Catalog } from '../api/catalog';
import type { StorepulseQuery } from '../types';
import { isOfTime } from './ownDimension';

/** The query split by another dimension, without the filters that this split excludes. */
export function changeSplit(
  query: StorepulseQuery,
  dimension: string | undefined,
  catalog: Catalog | undefined,
): StorepulseQuery {
  const { groupBy: _before, thenBy, ...whole } = query;
  if (dimension === undefined) {
    return whole;
  }
  const isAnyTime = (name: string) => hasVariable(name) || isOfTime(name, catalog);
  const goTogether = (other: string) => isAnyTime(other) || isAnyTime(dimension);
  const fits = (other: string) => other === '' || other === dimension || goTogether(other);
  return {
    ...whole,
    groupBy: dimension,
    ...(thenBy !== undefined && thenBy !== dimension && goTogether(thenBy) ? { thenBy } : {}),
    ...(query.filters ? { filters: query.filters.filter((filter) => fits(filter.dimension)) } : {}),
  };
}
