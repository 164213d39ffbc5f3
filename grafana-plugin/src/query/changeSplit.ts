import type { StorepulseQuery } from '../types';
import { hasVariable } from './readVariables';

/** The query split by another dimension, without the filters that this split excludes. */
export function changeSplit(query: StorepulseQuery, dimension: string | undefined): StorepulseQuery {
  const { groupBy: _before, ...whole } = query;
  if (dimension === undefined) {
    return whole;
  }
  const fits = (other: string) =>
    other === '' || other === dimension || hasVariable(other) || hasVariable(dimension);
  return {
    ...whole,
    groupBy: dimension,
    ...(query.filters ? { filters: query.filters.filter((filter) => fits(filter.dimension)) } : {}),
  };
}
