import type { Catalog } from '../api/catalog';
import type { StorepulseFilter, StorepulseQuery } from '../types';

/** Intervals in words, where they are not those of a clock. */
const PERIODS: Readonly<Record<string, string>> = {
  '1d': 'day',
  '1w': 'week',
  '1M': 'month',
  '3M': 'quarter',
  '1y': 'year',
};

/** Earlier times in words. */
const EARLIER: Readonly<Record<string, string>> = {
  previous_period: 'the previous period',
  previous_week: 'a week before',
  previous_year: 'a year before',
};

/**
 * One line about a query, as history and collapsed editors show it: `Net sales of Demo shop by country, top 5`.
 * @param catalog for titles; without it, names stand in
 */
export function describeQuery(
  {
    metric,
    shop,
    groupBy,
    thenBy,
    filters = [],
    limit,
    interval,
    compareTo,
    cumulative,
    share,
    format,
  }: StorepulseQuery,
  catalog: Catalog | undefined,
): string {
  if (!metric) {
    return 'No metric chosen';
  }
  const dimension = (name: string) =>
    catalog?.dimensions.find((known) => known.name === name)?.title.toLowerCase() ?? name;
  const shopName = catalog?.shops.find((known) => known.shop === shop)?.name || shop;
  const subject = [
    catalog?.metrics.find(({ name }) => name === metric)?.title ?? metric,
    shopName && `of ${shopName}`,
    groupBy && `by ${dimension(groupBy)}${thenBy ? ` and ${dimension(thenBy)}` : ''}`,
  ];
  const rest = [
    groupBy && limit !== undefined && `top ${limit}`,
    ...filters.map((filter) => describeFilter(filter, dimension(filter.dimension))),
    interval === 'all'
      ? 'over all time'
      : format !== 'table' && interval && interval !== 'auto' && `per ${PERIODS[interval] ?? interval}`,
    compareTo && `compared with ${EARLIER[compareTo] ?? compareTo}`,
    cumulative && format !== 'table' && 'added up from the first bucket',
    format === 'table' && 'as a table',
    share && groupBy && format === 'table' && 'with shares of the total',
  ];
  return [subject.filter(Boolean).join(' '), ...rest.filter(Boolean)].join(', ');
}

function describeFilter({ operator, values }: StorepulseFilter, dimension: string): string {
  const is = operator === 'in' ? 'is' : 'is not';
  return `${dimension} ${is} ${values.join(' or ')}`;
}
