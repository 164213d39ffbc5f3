import {
  type DimensionSpec,
  OTHER_VALUE,
  type TimeDimension,
  TOTAL_VALUE,
  timeDimensions,
  type ZoneCalendar,
} from '@storepulse/contracts';
import type { Keeps } from './filters.ts';

/** Stands between the values of a group that has several: no value of a dimension has control characters. */
const BETWEEN = '\u001f';

/** Which hours and weekdays a filter keeps. */
export interface TimeFilter {
  readonly dimension: TimeDimension;
  readonly keeps: Keeps;
}

/** How windows and their cells become the groups of an answer. A slot is what the time of a window makes of its cells. */
export interface Split {
  /** What groups have a value of each, in the order of the query; none: the answer is not split. */
  readonly dimensions: readonly DimensionSpec[];
  /** Dimensions of time that are split or filtered by; none: a window may be as long as its bucket. */
  readonly ofTime: readonly TimeDimension[];
  /** All slots, in the order of time, when nothing but time splits the answer. */
  readonly slots: readonly string[];
  /** The slot of a window by its start, epoch ms; undefined: a filter leaves it out. */
  slotOf(start: number, calendar: ZoneCalendar): string | undefined;
  /** The group of a cell by its value and its window's slot. */
  groupOf(value: string, slot: string): string;
  /** The group of a row by its value of each dimension that is not of time, in the order of the query, and its slot. */
  groupOfAll(values: readonly string[], slot: string): string;
  /** The slot of a group. */
  slotOfGroup(group: string): string;
}

/** Whether a dimension is one of time, which no row has. */
export const isOfTime = (dimension: DimensionSpec): dimension is TimeDimension =>
  timeDimensions.has(dimension.name);

/** Makes the split of a query. */
export function createSplit(
  dimensions: readonly DimensionSpec[],
  filters: readonly TimeFilter[] = [],
): Split {
  const times = dimensions.filter(isOfTime);
  const combined = times.reduce<string[][]>(
    (rows, dimension) =>
      rows.flatMap((row) => valuesKept(dimension, filters).map((value) => [...row, value])),
    [[]],
  );
  return {
    dimensions,
    ofTime: [...new Set([...times, ...filters.map(({ dimension }) => dimension)])],
    slots: times.length > 0 && times.length === dimensions.length ? combined.map(join) : [],
    slotOf: (start, calendar) => {
      for (const { dimension, keeps } of filters)
        if (!keeps(dimension.valueAt(start, calendar))) return undefined;
      return join(times.map((dimension) => dimension.valueAt(start, calendar)));
    },
    groupOf: (value, slot) => {
      if (dimensions.length === 0) return TOTAL_VALUE;
      const ofSlot = slot.split(BETWEEN).values();
      return join(dimensions.map((each) => (isOfTime(each) ? ofSlot.next().value! : value)));
    },
    groupOfAll: (values, slot) => {
      if (dimensions.length === 0) return TOTAL_VALUE;
      const [ofSlot, ofRow] = [slot.split(BETWEEN).values(), values.values()];
      return join(dimensions.map((each) => (isOfTime(each) ? ofSlot : ofRow).next().value!));
    },
    slotOfGroup: (group) => {
      const values = valuesOfGroup(group, dimensions);
      return join(values.filter((_, i) => isOfTime(dimensions[i]!)));
    },
  };
}

const join = (values: readonly string[]): string => values.join(BETWEEN);

function valuesKept({ name, domain }: TimeDimension, filters: readonly TimeFilter[]): string[] {
  const own = filters.filter(({ dimension }) => dimension.name === name);
  return domain.values.filter((value) => own.every(({ keeps }) => keeps(value)));
}

/** The value that a group has of each dimension. What is left over is `other` in all of them. */
export function valuesOfGroup(group: string, dimensions: readonly DimensionSpec[]): string[] {
  const values = group === OTHER_VALUE ? [] : group.split(BETWEEN);
  return dimensions.map((_, i) => values[i] ?? OTHER_VALUE);
}

/** What a group is called where it has one name. */
export const titleOfGroup = (group: string): string => group.replaceAll(BETWEEN, ' · ');

/** A group's value of each dimension, by the dimension's name. */
export function labelsOfGroup(group: string, dimensions: readonly DimensionSpec[]): Record<string, string> {
  const values = valuesOfGroup(group, dimensions);
  return Object.fromEntries(dimensions.map(({ name }, i) => [name, values[i]!]));
}

/**
 * How groups follow each other: by one dimension after the other, by its own order where it has one, else as its values are
 * met in `ranked`.
 * @param ranked groups, greatest first
 * @param byName true: values without an order of their own go by name
 */
export function orderOfGroups(
  ranked: readonly string[],
  dimensions: readonly DimensionSpec[],
  byName: boolean,
): (a: string, b: string) => number {
  const rows = new Map(ranked.map((group) => [group, valuesOfGroup(group, dimensions)]));
  const orders = dimensions.map((dimension, i) =>
    orderOfValues(dimension, [...new Set([...rows.values()].map((row) => row[i]!))], byName),
  );
  const rowOf = (group: string) => rows.get(group) ?? valuesOfGroup(group, dimensions);
  return (a, b) => {
    const [left, right] = [rowOf(a), rowOf(b)];
    for (let i = 0; i < orders.length; i++) {
      const order = orders[i]!(left[i]!, right[i]!);
      if (order !== 0) return order;
    }
    return 0;
  };
}

function orderOfValues(
  { domain, ordered }: DimensionSpec,
  met: readonly string[],
  byName: boolean,
): (a: string, b: string) => number {
  if (!('values' in domain && ordered) && (ordered || byName))
    return (a, b) => (a === b ? 0 : a < b ? -1 : 1);
  const places = new Map(('values' in domain && ordered ? domain.values : met).map((value, i) => [value, i]));
  const placeOf = (value: string) => places.get(value) ?? places.size;
  return (a, b) => placeOf(a) - placeOf(b);
}
