import { ALL_PARTS, hasPart, metricsOf, typeOf } from '@storepulse/contracts/grafana/query-types';
import type { StorepulseFilter, StorepulseQuery } from '../types';
import { CLAUSES, type Clause, typeNamed } from './clauses';
import { quote } from './tokens';

/** The parts of a query that its text tells. */
export const CODE_PARTS = ['queryType', ...ALL_PARTS] as const;
/** A query as far as its text tells it. */
export type CodeQuery = Pick<StorepulseQuery, (typeof CODE_PARTS)[number]>;

/** A count that is a number, and not a text that looks like one. */
export const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/**
 * The text of a query: `net_sales of demo by country where device = mobile every 1h top 5`, or
 * `funnel (visited, viewed, ordered) of demo by device`. `parseCode` reads the same query from it. What is the default is
 * left out.
 */
export function printCode(query: CodeQuery): string {
  const type = typeOf(query) ?? 'metric';
  return [...PRINT_BEGIN[type](query), ...CLAUSES[type].map((clause) => PRINT[clause](query))]
    .filter(Boolean)
    .join(' ');
}

type Print = (query: CodeQuery) => string | false | undefined;

/** What stands before the clauses. */
const PRINT_BEGIN: Readonly<Record<keyof typeof CLAUSES, (query: CodeQuery) => Array<ReturnType<Print>>>> = {
  // The name of a type would be taken for one.
  metric: (query) => {
    const [metric, ...further] = metricsOf(query);
    const first = metric && (typeNamed(metric) ? JSON.stringify(metric) : quote(metric));
    return [first && [first, ...further.map(quote)].join(', ')];
  },
  distribution: ({ metric }) => ['distribution', metric !== undefined && quote(metric)],
  funnel: ({ steps }) => ['funnel', steps && `(${steps.map(quote).join(', ')})`],
  cohort: () => ['cohort'],
  events: () => ['events'],
  records: ({ records }) => ['records', records !== undefined && quote(records)],
};

const PRINT: Readonly<Record<Clause, Print>> = {
  of: ({ shop }) => shop !== undefined && `of ${quote(shop)}`,
  by: (query) => {
    const { groupBy, thenBy } = query;
    const further = thenBy !== undefined && hasPart(query, 'thenBy') ? [thenBy] : [];
    return groupBy !== undefined && `by ${[groupBy, ...further].map(quote).join(', ')}`;
  },
  where: ({ filters = [] }) => filters.length > 0 && `where ${filters.map(printFilter).join(' and ')}`,
  every: ({ interval }) => interval !== undefined && interval !== 'auto' && `every ${quote(interval)}`,
  vs: ({ compareTo }) => compareTo !== undefined && `vs ${quote(compareTo)}`,
  currency: ({ currency }) => currency !== undefined && `currency ${quote(currency)}`,
  top: ({ limit }) => limit !== undefined && `top ${printCount(limit)}`,
  search: ({ search }) => search !== undefined && `search ${JSON.stringify(search)}`,
  sort: ({ sort }) => sort !== undefined && `sort ${quote(sort)}`,
  first: ({ limit }) => limit !== undefined && `first ${printCount(limit)}`,
  months: ({ months }) => months !== undefined && `months ${printCount(months)}`,
  cumulative: ({ cumulative }) => cumulative && 'cumulative',
  share: ({ share }) => share && 'share',
  open: ({ open }) => open && 'open',
  as: ({ format }) => format === 'table' && 'as table',
  exact: ({ exact }) => exact && 'exact',
  live: ({ live }) => live && 'live',
};

/** The text of one filter: `device = mobile`, `channel not in (search, email)`. */
function printFilter({ dimension, operator, values }: StorepulseFilter): string {
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

function printCount(count: number | string): string {
  return typeof count === 'string' && NUMBER.test(count) ? JSON.stringify(count) : quote(String(count));
}
