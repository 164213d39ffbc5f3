import type { StorepulseFilter } from '../types';

/**
 * Filters as parameters of a request: values that a field may have by its name, those that it may not have by `not` and its
 * name. Filters must all hold.
 * @returns undefined where nothing can match, since filters on one field leave no value
 */
export function filterParameters(filters: readonly StorepulseFilter[]): Record<string, string[]> | undefined {
  const parameters: Record<string, string[]> = {};
  for (const field of new Set(filters.map(({ dimension }) => dimension))) {
    const own = filters.filter(({ dimension }) => dimension === field);
    const wanted = valuesOf(own, 'in');
    const unwanted = new Set(valuesOf(own, 'not_in').flat());
    if (wanted.length === 0) {
      parameters[`not${field[0]!.toUpperCase()}${field.slice(1)}`] = [...unwanted];
      continue;
    }
    const left = wanted
      .reduce((kept, values) => kept.filter((value) => values.includes(value)))
      .filter((value) => !unwanted.has(value));
    if (left.length === 0) {
      return undefined;
    }
    parameters[field] = [...new Set(left)];
  }
  return parameters;
}

/** The values of each filter with an operator. */
const valuesOf = (filters: readonly StorepulseFilter[], operator: StorepulseFilter['operator']) =>
  filters.filter((filter) => filter.operator === operator).map(({ values }) => values);
