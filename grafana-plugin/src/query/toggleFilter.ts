import type { StorepulseFilter, StorepulseQuery } from '../types';
import { dimensionRules } from './dimensionRules';

/** One value of one dimension. */
export interface FilteredValue {
  key: string;
  value: string;
}

/** Whether a query keeps a value alone. */
export function hasFilter({ filters = [] }: StorepulseQuery, value: FilteredValue): boolean {
  return filters.some((filter) => isFilterOf(filter, value, 'in'));
}

/**
 * Filters a query for a value, or it out: a filter that is there already is removed, one that says the opposite gives its
 * place. A query that can't be filtered by the dimension stays as it is.
 */
export function toggleFilter(
  query: StorepulseQuery,
  value: FilteredValue,
  operator: StorepulseFilter['operator'],
): StorepulseQuery {
  const { filters = [] } = query;
  if (filters.some((filter) => isFilterOf(filter, value, operator))) {
    return { ...query, filters: filters.filter((filter) => !isFilterOf(filter, value, operator)) };
  }
  return addFilter(query, value, operator);
}

/** Adds a filter for a value, or one that takes it out, in the place of one that says the opposite. */
export function addFilter(
  query: StorepulseQuery,
  value: FilteredValue,
  operator: StorepulseFilter['operator'],
): StorepulseQuery {
  const { names } = dimensionRules(query, undefined);
  if (names && !names.includes(value.key)) {
    return query;
  }
  const opposite = operator === 'in' ? 'not_in' : 'in';
  const kept = (query.filters ?? []).filter(
    (filter) => !isFilterOf(filter, value, opposite) && !isFilterOf(filter, value, operator),
  );
  return { ...query, filters: [...kept, { dimension: value.key, operator, values: [value.value] }] };
}

function isFilterOf(
  { dimension, operator, values }: StorepulseFilter,
  { key, value }: FilteredValue,
  wanted: StorepulseFilter['operator'],
): boolean {
  return dimension === key && operator === wanted && values.length === 1 && values[0] === value;
}
