import type { AdHocVariableFilter } from '@grafana/data';
import type { Catalog } from '../api/catalog';
import type { StorepulseFilter, StorepulseQuery } from '../types';
import { dimensionRules } from './dimensionRules';
import { whyUnfit } from './whyUnfit';

/** A query narrowed by a dashboard's ad hoc filters. */
export interface NarrowedQuery {
  query: StorepulseQuery;
  /** Filters that are not applied, each with the reason. */
  passedOver: Array<{ key: string; reason: string }>;
}

/** How Grafana writes a filter that lets everything pass. */
const MATCHES_ALL = { operator: '=~', value: '.*' };

/**
 * Adds a dashboard's ad hoc filters to a query where they apply. Figures are kept by one dimension at a time, so a
 * filter applies to a metric that is kept by its dimension, and to a query that is not split or filtered by another
 * one; hours and weekdays apply beside any. The others are passed over with the reason: a filter does not break the
 * panels that it has nothing to do with.
 * @param query with variables replaced
 * @param catalog without it, what a metric is kept by is not known and left to the exporter
 */
export function narrow(
  query: StorepulseQuery,
  adHocFilters: readonly AdHocVariableFilter[],
  catalog: Catalog | undefined,
): NarrowedQuery {
  const { canExclude } = dimensionRules(query, catalog);
  const filters = [...(query.filters ?? [])];
  const passedOver: NarrowedQuery['passedOver'] = [];

  for (const adHocFilter of adHocFilters) {
    const { key, operator } = adHocFilter;
    if (key === '' || (operator === MATCHES_ALL.operator && adHocFilter.value === MATCHES_ALL.value)) {
      continue;
    }
    const filter = toFilter(adHocFilter);
    const pass = (reason: string) => passedOver.push({ key, reason });
    if (!filter) {
      pass(`only =, !=, one of and not one of are known, not ${operator}`);
    } else if (filter.values.length === 0) {
      pass('it has no value');
    } else if (filter.operator === 'not_in' && !canExclude) {
      pass('records are listed by what they are, not by what they are not');
    } else {
      const reason = whyUnfit(key, { ...query, filters }, catalog);
      if (reason === undefined) {
        filters.push(filter);
      } else {
        pass(reason);
      }
    }
  }
  return { query: filters.length > 0 ? { ...query, filters } : query, passedOver };
}

function toFilter({ key, operator, value, values }: AdHocVariableFilter): StorepulseFilter | undefined {
  const several = values && values.length > 0 ? values : [value];
  const given = (list: string[]) => list.filter((text) => text !== '' && text !== undefined);
  switch (operator) {
    case '=':
      return { dimension: key, operator: 'in', values: given([value]) };
    case '!=':
      return { dimension: key, operator: 'not_in', values: given([value]) };
    case '=|':
      return { dimension: key, operator: 'in', values: given(several) };
    case '!=|':
      return { dimension: key, operator: 'not_in', values: given(several) };
    default:
      return undefined;
  }
}
