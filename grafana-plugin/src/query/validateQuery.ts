import { COMPARISONS } from '@storepulse/contracts/comparisons';
import { SHOP_PATTERN } from '@storepulse/contracts/ids';
import type { MetricQuery } from '@storepulse/contracts/query';
import type { StorepulseFilter, StorepulseQuery } from '../types';
import { readInterval } from './interval';
import { splitsOf } from './ownDimension';

/** What is asked of the exporter for one query, but for the name of the answer, the range and the number of points. */
export type AskedQuery = Omit<MetricQuery, 'refId' | 'range' | 'maxDataPoints'>;

/** Bounds of the exporter's schema; a test compares them with it. */
const MAX = { metric: 80, dimension: 60, filters: 10, values: 500, value: 128, limit: 1_000 } as const;

const shopPattern = new RegExp(SHOP_PATTERN);

/** Thrown for a query that the exporter would refuse; the message says what is wrong and what to choose. */
export class UnusableQueryError extends Error {
  override readonly name = 'UnusableQueryError';
}

/**
 * The exporter's form of a query whose variables are replaced: what this returns fits the exporter's schema, so that no
 * query takes others of its request down.
 * @throws {UnusableQueryError}
 */
export function validateQuery(query: StorepulseQuery, defaultShop: string | undefined): AskedQuery {
  const [first, ...further] = splitsOf(query).map((name) => checkLength('Group by', name, MAX.dimension));
  const groupBy = further.length === 0 ? first : [first!, ...further];
  const limit = groupBy === undefined ? undefined : checkLimit(query.limit);
  const interval = checkInterval(query.interval);
  const isTable = query.format === 'table';
  const filters = (query.filters ?? []).map(checkFilter);
  if (filters.length > MAX.filters) {
    throw new UnusableQueryError(
      `A query takes ${MAX.filters} filters, and this one has ${filters.length}. Remove some.`,
    );
  }
  return {
    shop: checkShop(query.shop ?? defaultShop),
    metric: checkMetric(query.metric),
    ...(groupBy === undefined ? {} : { groupBy }),
    ...(limit === undefined ? {} : { limit }),
    ...(filters.length > 0 ? { filters } : {}),
    ...(interval === undefined ? {} : { interval }),
    ...(query.compareTo ? { compareTo: checkComparison(query.compareTo, interval) } : {}),
    ...(query.cumulative && !isTable ? { cumulative: true } : {}),
    // Beside the lines of a time series shares would stand on the axis of the values.
    ...(query.share && isTable && groupBy !== undefined ? { share: true } : {}),
    ...(query.format === undefined ? {} : { format: checkFormat(query.format) }),
  };
}

function checkShop(shop: string | undefined): string {
  if (!shop) {
    throw new UnusableQueryError(
      'No shop is chosen. Choose one in the query, or a default one in the data source’s settings.',
    );
  }
  if (!shopPattern.test(shop)) {
    throw new UnusableQueryError(`"${shop}" is not the id of a shop. Choose one of the list.`);
  }
  return shop;
}

function checkMetric(metric: string | undefined): string {
  if (!metric) {
    throw new UnusableQueryError('No metric is chosen. Choose one in the query editor.');
  }
  return checkLength('Metric', metric, MAX.metric);
}

function checkLength(what: string, text: string, longest: number): string {
  if (text.length > longest) {
    throw new UnusableQueryError(
      `${what} "${text.slice(0, longest)}…" is longer than ${longest} characters.`,
    );
  }
  return text;
}

function checkLimit(limit: StorepulseQuery['limit']): number | undefined {
  if (limit === undefined) {
    return undefined;
  }
  const number = Number(limit);
  if (!Number.isInteger(number) || number < 1 || number > MAX.limit) {
    throw new UnusableQueryError(
      `Top ${limit} is not possible: enter a whole number from 1 to ${MAX.limit}.`,
    );
  }
  return number;
}

function checkInterval(text: string | undefined): MetricQuery['interval'] {
  if (text === undefined) {
    return undefined;
  }
  const read = readInterval(text);
  if (!read) {
    throw new UnusableQueryError(
      `"${text}" is no interval. Choose one of the list, or a duration such as 5m.`,
    );
  }
  return read.interval;
}

function checkComparison(
  text: string,
  interval: MetricQuery['interval'],
): NonNullable<MetricQuery['compareTo']> {
  const comparison = COMPARISONS.find((each) => each === text);
  if (!comparison) {
    throw new UnusableQueryError(`"${text}" is no earlier time. Choose one of ${COMPARISONS.join(', ')}.`);
  }
  if (interval === 'all') {
    throw new UnusableQueryError(
      'All time has nothing before it to compare with. Choose another interval, or no comparison.',
    );
  }
  return comparison;
}

function checkFormat(format: string): NonNullable<MetricQuery['format']> {
  if (format !== 'time_series' && format !== 'table') {
    throw new UnusableQueryError(`"${format}" is no format. Choose time series or table.`);
  }
  return format;
}

function checkFilter({
  dimension,
  operator,
  values,
}: StorepulseFilter): NonNullable<MetricQuery['filters']>[number] {
  checkLength('The dimension of a filter', dimension, MAX.dimension);
  if (operator !== 'in' && operator !== 'not_in') {
    throw new UnusableQueryError(
      `The filter on ${dimension} has the operator "${operator}". Choose "is one of" or "is none of".`,
    );
  }
  if (values.length > MAX.values) {
    throw new UnusableQueryError(
      `The filter on ${dimension} has ${values.length} values, and ${MAX.values} are possible. Choose fewer, or All.`,
    );
  }
  for (const value of values) {
    checkLength(`A value of ${dimension},`, value, MAX.value);
  }
  return { dimension, operator, values };
}

/** The greatest number of values to keep that a query may ask for. */
export const MAX_LIMIT = MAX.limit;
