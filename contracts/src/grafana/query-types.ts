import type { QueryType, StorepulseQuery } from './stored-query.ts';

/** A part of a query that says what is asked. */
export type QueryPart = Exclude<keyof StorepulseQuery, 'version' | 'queryType' | 'editorMode' | 'refId'>;

/** A kind of query. */
export interface QueryTypeSpec {
  title: string;
  description: string;
  /** What a query of it is made of; other parts mean nothing in it. */
  parts: readonly QueryPart[];
  /** What a new one begins with, so that it answers at once. */
  begin: Partial<StorepulseQuery>;
}

/** The kinds of query, in the order of menus. */
export const QUERY_TYPES: Readonly<Record<QueryType, QueryTypeSpec>> = {
  metric: {
    title: 'Metric',
    description: 'Figures of a metric, or of several: over time, or as a table',
    parts: [
      ...([
        'metric',
        'furtherMetrics',
        'shop',
        'groupBy',
        'thenBy',
        'filters',
        'interval',
        'compareTo',
      ] as const),
      ...(['currency', 'limit', 'cumulative', 'share', 'format', 'exact', 'live'] as const),
    ],
    begin: { metric: 'net_sales' },
  },
  distribution: {
    title: 'Distribution',
    description: 'How the values of a metric are spread over time, as a heat map',
    parts: ['metric', 'shop', 'filters', 'interval'],
    begin: {},
  },
  funnel: {
    title: 'Funnel',
    description: 'How far the visits got that began in the range, step by step',
    parts: ['steps', 'shop', 'groupBy', 'filters', 'limit', 'open'],
    begin: { steps: ['visited', 'viewed', 'carted', 'checkout', 'ordered'] },
  },
  cohort: {
    title: 'Cohort',
    description: 'Who came back: customers by the month of their first order',
    parts: ['shop', 'filters', 'months', 'share'],
    begin: {},
  },
  events: {
    title: 'Events',
    description: 'What happened, one by one: orders, payments, refunds, reviews and the like, as log lines',
    parts: ['shop', 'filters', 'limit', 'live'],
    begin: {},
  },
  records: {
    title: 'Records',
    description: 'Orders, customers, products or reviews as a table, listed or searched',
    parts: ['records', 'shop', 'search', 'filters', 'sort', 'limit'],
    begin: { records: 'orders' },
  },
};

/** Every part of a query of any type. */
export const ALL_PARTS: readonly QueryPart[] = [
  ...new Set(Object.values(QUERY_TYPES).flatMap(({ parts }) => parts)),
];

/** The metrics of a query, each once, the first first. */
export function metricsOf({
  metric,
  furtherMetrics = [],
}: Pick<StorepulseQuery, 'metric' | 'furtherMetrics'>): string[] {
  const names = [metric ?? '', ...furtherMetrics];
  return [...new Set(names.filter((name) => name !== ''))];
}

/** What a query is split by, the first first. */
export function splitsOf({ groupBy, thenBy }: Pick<StorepulseQuery, 'groupBy' | 'thenBy'>): string[] {
  return groupBy ? [groupBy, ...(thenBy && thenBy !== groupBy ? [thenBy] : [])] : [];
}

/** The type of a query; undefined for one that this release does not know. */
export function typeOf({ queryType }: Pick<StorepulseQuery, 'queryType'>): QueryType | undefined {
  if (!queryType) {
    return 'metric';
  }
  return (Object.keys(QUERY_TYPES) as QueryType[]).find((type) => type === queryType);
}

/** A query without the parts that mean nothing in its type: they can't be wrong in it. */
export function ownParts(query: StorepulseQuery): StorepulseQuery {
  const own = { ...query };
  for (const part of typeOf(query) ? ALL_PARTS : []) {
    if (!hasPart(query, part)) delete own[part];
  }
  return own;
}

/** Whether a part means something in a query. */
export function hasPart(query: Pick<StorepulseQuery, 'queryType'>, part: QueryPart): boolean {
  return QUERY_TYPES[typeOf(query) ?? 'metric'].parts.includes(part);
}
