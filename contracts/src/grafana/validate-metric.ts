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
import { metricsOf, splitsOf } from './query-types.ts';
import { readInterval } from './read-interval.ts';
import type { StorepulseQuery } from './stored-query.ts';
import type { Asked, MetricsQuery } from './validate-query.ts';

/** The greatest number of values to keep that a query of a metric may ask for. */
export const MOST_VALUES = 1_000;

/** The exporter's form of a query of metrics. @throws {UnusableQueryError} */
export function validateMetric(query: StorepulseQuery, defaultShop: string | undefined): Asked<MetricsQuery> {
  const [first, ...further] = splitsOf(query).map((name) => checkLength('Group by', name, MAX.dimension));
  const groupBy = further.length === 0 ? first : [first!, ...further];
  const limit = groupBy === undefined ? undefined : checkCount('Top', query.limit, MOST_VALUES);
  const interval = checkInterval(query.interval);
  const isTable = query.format === 'table';
  const filters = checkFilters(query.filters);
  const metric = checkMetrics(metricsOf(query));
  return {
    shop: checkShop(query.shop ?? defaultShop),
    metric,
    ...(groupBy === undefined ? {} : { groupBy }),
    // Values of the same groups can be put side by side.
    ...(groupBy === undefined || typeof metric === 'string' ? {} : { groupsOf: 'first' }),
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
): Asked<MetricsQuery> {
  return { ...validateMetric(query, defaultShop), format: 'heatmap' };
}

/** One metric alone, or several. */
function checkMetrics(names: readonly string[]): MetricsQuery['metric'] {
  const [first, ...further] = names.map((name) => checkLength('Metric', name, MAX.metric));
  if (first === undefined) {
    throw new UnusableQueryError('No metric is chosen. Choose one in the query editor.');
  }
  if (names.length > MAX.metrics) {
    throw new UnusableQueryError(
      `A query takes ${MAX.metrics} metrics, and this one has ${names.length}. Remove some, or spread them over several queries.`,
    );
  }
  return further.length === 0 ? first : [first, ...further];
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
