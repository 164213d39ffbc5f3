import { COHORT_DIMENSIONS } from '@storepulse/contracts/cohort-dimensions';
import { EVENT_FIELDS } from '@storepulse/contracts/grafana/event-fields';
import { hasPart, metricsOf, typeOf } from '@storepulse/contracts/grafana/query-types';
import { namesOfKind } from '@storepulse/contracts/grafana/record-kinds';
import { VISIT_DIMENSIONS } from '@storepulse/contracts/visit-steps';
import type { Catalog, CatalogMetric } from '../api/catalog';
import type { StorepulseQuery } from '../types';
import { listed } from './listed';

/** What a query can be split and filtered by. */
export interface DimensionRules {
  /** Begins a sentence about what is not kept by a dimension: `Net sales is`, `Visits are`. */
  subjectWithout: (dimension: string) => string;
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
        subjectWithout: () => 'Visits are',
        names: VISIT_DIMENSIONS,
        canExclude: true,
        canSplit: true,
        areTogether: true,
      };
    case 'cohort':
      return {
        subjectWithout: () => 'First orders are',
        names: COHORT_DIMENSIONS,
        canExclude: true,
        canSplit: false,
        areTogether: true,
      };
    case 'events':
      return {
        subjectWithout: () => 'Events are',
        names: Object.keys(EVENT_FIELDS),
        canExclude: true,
        canSplit: false,
        areTogether: true,
      };
    case 'records':
      return recordRules(query);
    default:
      return metricRules(query, catalog);
  }
}

/** Several metrics have the dimensions that all of them have. */
function metricRules(query: StorepulseQuery, catalog: Catalog | undefined): DimensionRules {
  const names = metricsOf(query);
  const metrics = names.flatMap((name) => catalog?.metrics.find((metric) => metric.name === name) ?? []);
  const [first, ...further] = metrics.map(dimensionsOfMetric);
  const areKnown = metrics.length === names.length;
  return {
    subjectWithout: (dimension) => {
      const without = metrics.filter((metric) => !dimensionsOfMetric(metric).includes(dimension));
      const titles = without.map(({ title }) => title);
      return `${listed(titles.length > 0 ? titles : names)} ${titles.length > 1 ? 'are' : 'is'}`;
    },
    names: areKnown ? first?.filter((name) => further.every((others) => others.includes(name))) : undefined,
    canExclude: true,
    canSplit: hasPart(query, 'groupBy'),
    areTogether: areKnown && metrics.length > 0 && metrics.every(({ together }) => together !== undefined),
  };
}

/** What a metric can be split and filtered by. */
export function dimensionsOfMetric({ dimensions, together = [] }: CatalogMetric): string[] {
  return [...new Set([...dimensions, ...together])];
}

/** What is searched is found by its words alone. */
function recordRules({ records = 'orders', search }: StorepulseQuery): DimensionRules {
  const rules = { canExclude: false, canSplit: false, areTogether: true };
  return search
    ? { ...rules, subjectWithout: () => `Searched ${records} are`, names: [] }
    : { ...rules, subjectWithout: () => `The ${records} are`, names: namesOfKind(records)?.filters };
}
