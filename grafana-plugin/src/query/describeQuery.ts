import type { StorepulseQuery } from '../types';

/** One line about a query, as history and collapsed editors show it: `net_sales of uk-retail by country`. */
export function describeQuery({
  metric,
  shop,
  groupBy,
  filters = [],
  limit,
  interval,
}: StorepulseQuery): string {
  if (!metric) {
    return 'No metric chosen';
  }
  return [
    metric,
    shop && `of ${shop}`,
    groupBy && `by ${groupBy}`,
    groupBy && limit && `(top ${limit})`,
    filters.length > 0 && `where ${filters.map(describeFilter).join(' and ')}`,
    interval && interval !== 'auto' && `every ${interval}`.replace('every all', 'over all time'),
  ]
    .filter(Boolean)
    .join(' ');
}

function describeFilter({
  dimension,
  operator,
  values,
}: NonNullable<StorepulseQuery['filters']>[number]): string {
  return `${dimension} ${operator === 'in' ? 'in' : 'not in'} (${values.join(', ')})`;
}
