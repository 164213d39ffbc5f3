import type { StorepulseFilter, StorepulseQuery } from '../types';
import { quote } from './tokens';

/** The parts of a query that its text tells. */
export const CODE_PARTS = [
  ...(['metric', 'shop', 'groupBy', 'thenBy', 'filters', 'interval', 'compareTo'] as const),
  ...(['limit', 'cumulative', 'share', 'format', 'exact'] as const),
] as const satisfies ReadonlyArray<keyof StorepulseQuery>;
/** A query as far as its text tells it. */
export type CodeQuery = Pick<StorepulseQuery, (typeof CODE_PARTS)[number]>;

/** A limit that is a number, and not a text that looks like one. */
export const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/**
 * The text of a query: `net_sales of demo by country where device = mobile every 1h top 5`. `parseCode` reads the same
 * query from it. What is the default is left out.
 */
export function printCode({
  metric,
  shop,
  groupBy,
  thenBy,
  filters = [],
  interval,
  compareTo,
  limit,
  cumulative,
  share,
  format,
  exact,
}: CodeQuery): string {
  return [
    metric && quote(metric),
    shop !== undefined && `of ${quote(shop)}`,
    groupBy !== undefined &&
      `by ${[groupBy, ...(thenBy === undefined ? [] : [thenBy])].map(quote).join(', ')}`,
    filters.length > 0 && `where ${filters.map(printFilter).join(' and ')}`,
    interval !== undefined && interval !== 'auto' && `every ${quote(interval)}`,
    compareTo !== undefined && `vs ${quote(compareTo)}`,
    limit !== undefined && `top ${printLimit(limit)}`,
    cumulative && 'cumulative',
    share && 'share',
    format === 'table' && 'as table',
    exact && 'exact',
  ]
    .filter(Boolean)
    .join(' ');
}

/** The text of one filter: `device = mobile`, `channel not in (search, email)`. */
export function printFilter({ dimension, operator, values }: StorepulseFilter): string {
  const name = quote(dimension);
  const [value] = values;
  if (value !== undefined && values.length === 1) {
    return `${name} ${operator === 'in' ? '=' : '!='} ${quoteValue(value)}`;
  }
  return `${name} ${operator === 'in' ? 'in' : 'not in'} (${values.map(quoteValue).join(', ')})`;
}

/** Values are quoted, but for variables: so they can be told from names. */
function quoteValue(value: string): string {
  return value.startsWith('$') ? quote(value) : JSON.stringify(value);
}

function printLimit(limit: number | string): string {
  return typeof limit === 'string' && NUMBER.test(limit) ? JSON.stringify(limit) : quote(String(limit));
}
