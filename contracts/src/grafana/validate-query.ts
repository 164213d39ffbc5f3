import type { AskedQuery as AskedMetrics, CohortQuery, FunnelQuery } from '../query.ts';
import { UnusableQueryError } from './checks.ts';
import { QUERY_TYPES, typeOf } from './query-types.ts';
import type { QueryType, StorepulseFilter, StorepulseQuery } from './stored-query.ts';
import { validateCohort } from './validate-cohort.ts';
import { type AskedEvents, validateEvents } from './validate-events.ts';
import { validateFunnel } from './validate-funnel.ts';
import { validateDistribution, validateMetric } from './validate-metric.ts';
import { type AskedRecords, validateRecords } from './validate-records.ts';

/** What is asked of the exporter for one query, but for the name of the answer, the range and the number of points. */
export type Asked<Query> = Query extends unknown
  ? Omit<Query, 'refId' | 'range' | 'maxDataPoints' | 'filters'> & { filters?: StorepulseFilter[] }
  : never;

/** One metric, or several, of one shop. */
export type MetricsQuery = Omit<AskedMetrics, 'shop'> & { shop: string };

/** What is asked in the exporter's requests of several queries. */
export type AskedQuery = Asked<MetricsQuery | FunnelQuery | CohortQuery>;

/** What is asked for a query of any type. */
export type AskedAny = AskedQuery | AskedEvents | AskedRecords;

type Validate = (query: StorepulseQuery, defaultShop: string | undefined) => AskedAny;

const VALIDATE: Readonly<Record<QueryType, Validate>> = {
  metric: validateMetric,
  distribution: validateDistribution,
  funnel: validateFunnel,
  cohort: validateCohort,
  events: validateEvents,
  records: validateRecords,
};

/**
 * The exporter's form of a query whose variables are replaced: what this returns fits the exporter's schema, so that no
 * query takes others of its request down.
 * @throws {UnusableQueryError}
 */
export function validateQuery(query: StorepulseQuery, defaultShop: string | undefined): AskedAny {
  const type = typeOf(query);
  if (!type) {
    throw new UnusableQueryError(
      `This release has no query type "${query.queryType}". Choose one of ${Object.keys(QUERY_TYPES).join(', ')}.`,
    );
  }
  return VALIDATE[type](query, defaultShop);
}

/** The dimensions that an answer is split by. */
export function splitsOfAsked(asked: AskedQuery): string[] {
  return 'groupBy' in asked ? [asked.groupBy ?? []].flat() : [];
}
