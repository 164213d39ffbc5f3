import { metricsOf, typeOf } from '@storepulse/contracts/grafana/query-types';
import { titleOfField } from '@storepulse/contracts/grafana/record-kinds';
import type { Catalog } from '../api/catalog';
import type { QueryType, StorepulseFilter, StorepulseQuery } from '../types';
import { listDimensions } from './listDimensions';
import { listed } from './listed';

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
export function describeQuery(query: StorepulseQuery, catalog: Catalog | undefined): string {
  const type = typeOf(query);
  const subject = type ? SUBJECTS[type](query, catalog) : `Unknown query type ${query.queryType}`;
  if (!subject) {
    return 'No metric chosen';
  }
  const { shop, groupBy, thenBy, limit, filters = [] } = query;
  const dimension = (name: string) =>
    listDimensions(query, catalog)
      .find((known) => known.name === name)
      ?.title.toLowerCase() ?? name;
  const shopName = catalog?.shops.find((known) => known.shop === shop)?.name || shop;
  const parts = [
    [
      subject,
      shopName && `of ${shopName}`,
      groupBy && `by ${dimension(groupBy)}${thenBy ? ` and ${dimension(thenBy)}` : ''}`,
    ]
      .filter(Boolean)
      .join(' '),
    groupBy && limit !== undefined && `top ${limit}`,
    ...filters.map((filter) => describeFilter(filter, dimension(filter.dimension))),
    ...(type ? REST[type](query) : []),
  ];
  return parts.filter(Boolean).join(', ');
}

const titleOfMetric = (metric: string, catalog: Catalog | undefined): string =>
  catalog?.metrics.find(({ name }) => name === metric)?.title ?? metric;

/** What a query is about, by its type; undefined where that is not chosen yet. */
const SUBJECTS: Readonly<
  Record<QueryType, (query: StorepulseQuery, catalog: Catalog | undefined) => string | undefined>
> = {
  metric: (query, catalog) => listed(metricsOf(query).map((name) => titleOfMetric(name, catalog))),
  distribution: ({ metric }, catalog) =>
    metric && `Distribution of ${titleOfMetric(metric, catalog).toLowerCase()}`,
  funnel: ({ steps = [] }) => `Funnel ${steps.join(' → ')}`.trimEnd(),
  cohort: () => 'Cohorts',
  events: () => 'Events',
  records: ({ records = 'orders', search }) =>
    `${titleOfField(records)}${search ? ` found by "${search}"` : ''}`,
};

/** What else it says, by its type. */
const REST: Readonly<Record<QueryType, (query: StorepulseQuery) => Array<string | false | undefined>>> = {
  metric: ({ interval, compareTo, currency, cumulative, share, groupBy, format, live }) => [
    (format !== 'table' || interval === 'all') && describeInterval(interval),
    compareTo && `compared with ${EARLIER[compareTo] ?? compareTo}`,
    currency && `in ${currency}`,
    cumulative && format !== 'table' && 'added up from the first bucket',
    format === 'table' && 'as a table',
    share && groupBy !== undefined && format === 'table' && 'with shares of the total',
    live && 'live',
  ],
  distribution: ({ interval }) => [describeInterval(interval)],
  funnel: ({ open }) => [open && 'each step by itself'],
  cohort: ({ months, share }) => [
    months !== undefined && `over ${months} months`,
    share && 'as shares of their customers',
  ],
  events: ({ limit, live }) => [limit !== undefined && `latest ${limit}`, live && 'live'],
  records: ({ sort, limit }) => [sort && `in the order ${sort}`, limit !== undefined && `first ${limit}`],
};

function describeInterval(interval: string | undefined): string | undefined {
  if (interval === 'all') {
    return 'over all time';
  }
  return interval && interval !== 'auto' ? `per ${PERIODS[interval] ?? interval}` : undefined;
}

function describeFilter({ operator, values }: StorepulseFilter, dimension: string): string {
  const is = operator === 'in' ? 'is' : 'is not';
  return `${dimension} ${is} ${values.join(' or ')}`;
}
