import { COHORT_DIMENSIONS } from '@storepulse/contracts/cohort-dimensions';
import { EVENT_FIELDS } from '@storepulse/contracts/grafana/event-fields';
import { hasPart, typeOf } from '@storepulse/contracts/grafana/query-types';
import { namesOfKind } from '@storepulse/contracts/grafana/record-kinds';
import { VISIT_DIMENSIONS } from '@storepulse/contracts/visit-steps';
import type { Catalog } from '../api/catalog';
import type { StorepulseQuery } from '../types';

/** What a query can be split and filtered by. */
export interface DimensionRules {
  /** Begins a sentence about what is counted: `Net sales is`, `Visits are`. */
  subject: string;
  /** Names of the dimensions; undefined where they are not known here, and the exporter judges. */
  names: readonly string[] | undefined;
  /** Whether it can be filtered by what it is not. */
  canExclude: boolean;
  /** Whether it can be split at all. */
  canSplit: boolean;
  /** Whether it can be split and filtered by several at once: figures of metrics are kept by one at a time, unless the exporter reads the lake. */
  areTogether: boolean;
}

/**
 * What a query can be split and filtered by, by its type.
 * @param query with variables replaced
 * @param catalog without it, what a metric is kept by is not known
 */
export function dimensionRules(query: StorepulseQuery, catalog: Catalog | undefined): DimensionRules {
  switch (typeOf(query)) {
    case 'funnel':
      return {
        subject: 'Visits are',
        names: VISIT_DIMENSIONS,
        canExclude: true,
        canSplit: true,
        areTogether: true,
      };
    case 'cohort':
      return {
        subject: 'First orders are',
        names: COHORT_DIMENSIONS,
        canExclude: true,
        canSplit: false,
        areTogether: true,
      };
    case 'events':
      return {
        subject: 'Events are',
        names: Object.keys(EVENT_FIELDS),
        canExclude: true,
        canSplit: false,
        areTogether: true,
      };
    case 'records':
      return recordRules(query);
    default: {
      const metric = catalog?.metrics.find(({ name }) => name === query.metric);
      return {
        subject: `${metric?.title ?? query.metric} is`,
        names: metric && [...new Set([...metric.dimensions, ...(metric.together ?? [])])],
        canExclude: true,
        canSplit: hasPart(query, 'groupBy'),
        areTogether: metric?.together !== undefined,
      };
    }
  }
}

/** What is searched is found by its words alone. */
function recordRules({ records = 'orders', search }: StorepulseQuery): DimensionRules {
  const rules = { canExclude: false, canSplit: false, areTogether: true };
  return search
    ? { ...rules, subject: `Searched ${records} are`, names: [] }
    : { ...rules, subject: `The ${records} are`, names: namesOfKind(records)?.filters };
}
