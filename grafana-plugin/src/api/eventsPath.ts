import type { AskedEvents } from '../query/validateEvents';
import type { StorepulseFilter } from '../types';

/**
 * Where the exporter lists some events of a range, latest first; undefined where nothing can match, since filters on one
 * field leave no value.
 */
export function eventsPath(
  { shop, filters, limit }: AskedEvents,
  { from, to }: { from: number; to: number },
): string | undefined {
  const search = new URLSearchParams({ shop, from: String(from), to: String(to), limit: String(limit) });
  for (const field of new Set(filters.map(({ dimension }) => dimension))) {
    const own = filters.filter(({ dimension }) => dimension === field);
    const wanted = valuesOf(own, 'in');
    const unwanted = valuesOf(own, 'not_in');
    if (wanted.length > 0) {
      const left = wanted
        .reduce((kept, values) => kept.filter((value) => values.includes(value)))
        .filter((value) => !unwanted.flat().includes(value));
      if (left.length === 0) {
        return undefined;
      }
      append(search, field, left);
    } else {
      append(search, `not${field[0]!.toUpperCase()}${field.slice(1)}`, unwanted.flat());
    }
  }
  return `events?${search}`;
}

/** The values of each filter with an operator; filters must all hold. */
const valuesOf = (filters: readonly StorepulseFilter[], operator: StorepulseFilter['operator']) =>
  filters.filter((filter) => filter.operator === operator).map(({ values }) => values);

function append(search: URLSearchParams, name: string, values: readonly string[]): void {
  for (const value of new Set(values)) {
    search.append(name, value);
  }
}
