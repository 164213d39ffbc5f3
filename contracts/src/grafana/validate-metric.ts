import { COMPARISONS } from '../comparisons.ts';
import type { MetricQuery } from '../query.ts';
import {
  checkCount,
  checkCurrency,
  checkFilters,
  checkLength,
  checkShop,
  MAX,
  UnusableQueryError,
} from './checks.ts';
import { splitsOf } from './query-types.ts';
import { readInterval } from './read-interval.ts';
import type { StorepulseQuery } from './stored-query.ts';
import type { Asked } from './validate-query.ts';

const LONGEST_METRIC = 80;

/** The greatest number of values to keep that a query of a metric may ask for. */
export const MOST_VALUES = 1_000;

/** The exporter's form of a query of a metric. @throws {UnusableQueryError} */
export function validateMetric(query: StorepulseQuery, defaultShop: string | undefined): Asked<MetricQuery> {
  const [first, ...further] = splitsOf(query).map((name) => checkLength('Group by', name, MAX.dimension));
  const groupBy = further.length === 0 ? first : [first!, ...further];
  const limit = groupBy === undefined ? undefined : checkCount('Top', query.limit, MOST_VALUES);
  const interval = checkInterval(query.interval);
  const isTable = query.format === 'table';
  const filters = checkFilters(query.filters);
  return {
    shop: checkShop(query.shop ?? defaultShop),
    metric: checkMetric(query.metric),
    ...(groupBy === undefined ? {} : { groupBy }),
    ...(limit === undefined ? {} : { limit }),
    ...(filters.length > 0 ? { filters } : {}),
    ...(interval === undefined ? {} : { interval }),
    ...(query.compareTo ? { compareTo: checkComparison(query.compareTo, interval) } : {}),
    ...(query.currency ? { currency: checkCurrency(query.currency) } : {}),
    ...(query.cumulative && !isTable ? { cumulative: true } : {}),
    // Beside the lines of a time series shares would stand on the axis of the values.
    ...(query.share && isTable && groupBy !== undefined ? { share: true } : {}),
    ...(query.format === undefined ? {} : { format: checkFormat(query.format) }),
  };
}

/**
 * The exporter's form of a heat map of a distribution: how many values each bucket has in each range of values.
 * @throws {UnusableQueryError}
 */
export function validateDistribution(
  query: StorepulseQuery,
  defaultShop: string | undefined,
): Asked<MetricQuery> {
  return { ...validateMetric(query, defaultShop), format: 'heatmap' };
}

function checkMetric(metric: string | undefined): string {
  if (!metric) {
    throw new UnusableQueryError('No metric is chosen. Choose one in the query editor.');
  }
  return checkLength('Metric', metric, LONGEST_METRIC);
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
