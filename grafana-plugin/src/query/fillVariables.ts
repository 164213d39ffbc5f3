import { hasPart, metricsOf } from '@storepulse/contracts/grafana/query-types';
import { hasVariable } from '@storepulse/contracts/grafana/references';
import type { StorepulseFilter, StorepulseQuery } from '../types';
import { fillMetrics } from './fillMetrics';
import { fillSteps } from './fillSteps';
import type { Reading, ReadText } from './readVariables';
import { withMetrics } from './withMetrics';

/** A query with the values of variables in it. */
export interface FilledQuery {
  /** Where a text can't be used, it is left as it was. */
  query: StorepulseQuery;
  /** Those of its filters that variables give. */
  given: Set<StorepulseFilter>;
  /** What the reader of the panel should know. */
  remarks: string[];
  /** Why the query can't be asked; the first one is told. */
  faults: string[];
  /** True when its filters leave nothing, such as "none of" with All. */
  isEmpty: boolean;
}

/** Fields that hold one text each, with what they are called. */
const FIELDS = {
  shop: 'Shop',
  metric: 'Metric',
  groupBy: 'Group by',
  thenBy: 'Then by',
  interval: 'Interval',
  compareTo: 'Compare to',
  currency: 'Currency',
  limit: 'Top',
  months: 'Months',
  records: 'Records',
  search: 'Search',
  sort: 'Order',
} as const;
type Field = keyof typeof FIELDS;

/** Fields that a query does without: a variable without a value leaves them unset. */
const OPTIONAL: readonly Field[] = [
  'groupBy',
  'thenBy',
  'interval',
  'compareTo',
  'currency',
  'limit',
  'months',
  'search',
  'sort',
];

/**
 * Puts the values of variables into a query. In a filter, a variable with several values becomes as many values, and
 * one that is All takes the filter away: it is never sent as the list of what the dashboard happens to know.
 */
export function fillVariables(query: StorepulseQuery, readText: ReadText): FilledQuery {
  const filled: FilledQuery = {
    query: { ...query },
    given: new Set(),
    remarks: [],
    faults: [],
    isEmpty: false,
  };
  const takesSeveral = hasPart(query, 'furtherMetrics');
  for (const field of Object.keys(FIELDS) as Field[]) {
    const text = query[field];
    if (typeof text === 'string' && !(field === 'metric' && takesSeveral)) {
      fillField(filled, field, readText(text));
    }
  }
  if (takesSeveral) {
    const { metrics, faults } = fillMetrics(metricsOf(query), readText);
    filled.query = withMetrics(filled.query, metrics);
    filled.faults.push(...faults);
  }
  if (query.steps) {
    const { steps, faults } = fillSteps(query.steps, readText);
    filled.query.steps = steps;
    filled.faults.push(...faults);
  }
  if (query.filters) {
    filled.query.filters = query.filters.flatMap((filter) => fillFilter(filled, filter, readText));
  }
  return filled;
}

function fillField({ query, faults }: FilledQuery, field: Field, reading: Reading): void {
  const name = FIELDS[field];
  const isOptional = OPTIONAL.includes(field);
  if (reading.kind === 'none' && isOptional) {
    delete query[field];
  } else if (reading.kind === 'none') {
    faults.push(`${name}: ${reading.reference} ${reading.reason}. Choose one on the dashboard.`);
  } else if (reading.kind === 'all') {
    faults.push(`${name} takes one value, and ${reading.reference} is All. Choose one.`);
  } else if (reading.unknown.length > 0) {
    faults.push(
      `${name} is ${reading.unknown[0]}, and there is no such variable here. Choose another value.`,
    );
  } else if (reading.texts.length > 1) {
    const { length } = reading.texts;
    const shown = reading.texts.slice(0, 3).join(', ') + (length > 3 ? ', …' : '');
    faults.push(`${name} takes one value, and ${query[field]} has ${length}: ${shown}. Choose one.`);
  } else {
    setText(query, field, reading.texts[0]!);
  }
}

function setText(query: StorepulseQuery, field: Field, text: string): void {
  if (text === '') {
    delete query[field];
  } else {
    query[field] = text;
  }
}

function fillFilter(filled: FilledQuery, filter: StorepulseFilter, readText: ReadText): StorepulseFilter[] {
  if (filter.dimension === '' || filter.values.length === 0) {
    // Still being made.
    return [];
  }
  const name = readText(filter.dimension);
  const [dimension] = name.kind === 'texts' && name.unknown.length === 0 ? name.texts : [];
  if (dimension === undefined) {
    filled.remarks.push(`A filter is not applied: ${filter.dimension} names no dimension.`);
    return [];
  }
  const readings = filter.values.map(readText);
  if (readings.some(({ kind }) => kind === 'all')) {
    if (filter.operator === 'not_in') {
      filled.isEmpty = true;
      filled.remarks.push(`"${dimension} is none of ${filter.values.join(', ')}" leaves nothing: it is All.`);
    }
    return [];
  }
  const values = readings.flatMap((reading) => (reading.kind === 'texts' ? reading.texts : []));
  const given = [...new Set(values.filter((value) => value !== ''))];
  const unknown = readings.flatMap((reading) => (reading.kind === 'texts' ? reading.unknown : []));
  filled.remarks.push(
    ...unknown.map((text) => `There is no variable ${text} here: it is taken as a value of ${dimension}.`),
  );
  if (given.length > 0) {
    const made = { dimension, operator: filter.operator, values: given };
    if ([filter.dimension, ...filter.values].some(hasVariable)) {
      filled.given.add(made);
    }
    return [made];
  }
  if (filter.operator === 'in') {
    const [why] = readings.flatMap((reading) =>
      reading.kind === 'none' ? [`${reading.reference} ${reading.reason}`] : [],
    );
    filled.remarks.push(
      `The filter on ${dimension} is not applied: ${why ?? 'its value is empty'}. Choose a value, or All.`,
    );
  }
  return [];
}
