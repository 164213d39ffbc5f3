import type { MetricFindValue } from '@grafana/data';
import type { DimensionValues } from '../api/client';

/** A value with what it is called: `KIT-0001 Steel kettle`. */
export const withName = (value: string, name: string | undefined): string =>
  name ? `${value} ${name}` : value;

/** Values of one or several lists as the options of a menu, each once. */
export function namedValues(
  lists: ReadonlyArray<Pick<DimensionValues, 'values' | 'names'>>,
): MetricFindValue[] {
  const names = Object.assign({}, ...lists.map((list) => list.names)) as Record<string, string>;
  return [...new Set(lists.flatMap(({ values }) => values))].map((value) => ({
    text: withName(value, names[value]),
    value,
  }));
}
