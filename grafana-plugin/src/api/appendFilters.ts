import type { StorepulseFilter } from '../types';

/**
 * Makes filters parameters of a request: values that a field may have by its name, those that it may not have by `not` and
 * its name. Filters must all hold.
 * @returns false where nothing can match, since filters on one field leave no value
 */
export function appendFilters(search: URLSearchParams, filters: readonly StorepulseFilter[]): boolean {
  for (const field of new Set(filters.map(({ dimension }) => dimension))) {
    const own = filters.filter(({ dimension }) => dimension === field);
    const wanted = valuesOf(own, 'in');
    const unwanted = valuesOf(own, 'not_in').flat();
    if (wanted.length === 0) {
      append(search, `not${field[0]!.toUpperCase()}${field.slice(1)}`, unwanted);
      continue;
    }
    const left = wanted
      .reduce((kept, values) => kept.filter((value) => values.includes(value)))
      .filter((value) => !unwanted.includes(value));
    if (left.length === 0) {
      return false;
    }
    append(search, field, left);
  }
  return true;
}

/** The values of each filter with an operator. */
const valuesOf = (filters: readonly StorepulseFilter[], operator: StorepulseFilter['operator']) =>
  filters.filter((filter) => filter.operator === operator).map(({ values }) => values);

function append(search: URLSearchParams, name: string, values: readonly string[]): void {
  for (const value of new Set(values)) {
    search.append(name, value);
  }
}
