import type { AdHocVariableFilter } from '@grafana/data';
import type { QueryFilter } from '@storepulse/contracts/query';
import type { CatalogMetric } from '../api/catalog';
import type { StorepulseQuery } from '../types';

/** A query narrowed by a dashboard's ad hoc filters, with a remark for each filter that could not apply. */
export interface FilteredQuery {
  query: StorepulseQuery;
  remarks: string[];
}

/**
 * Adds a dashboard's ad hoc filters to a query. A filter on a dimension that the metric lacks is left out with a
 * remark, so that it does not break the panels it has nothing to do with.
 * @param metric the query's metric in the catalogue; undefined when it is unknown there
 */
export function applyAdHocFilters(
  query: StorepulseQuery,
  adHocFilters: AdHocVariableFilter[],
  metric: CatalogMetric | undefined,
): FilteredQuery {
  const filters = [...(query.filters ?? [])];
  const remarks: string[] = [];
  for (const adHocFilter of adHocFilters) {
    const filter = toFilter(adHocFilter);
    if (!filter) {
      remarks.push(
        `The filter "${adHocFilter.key} ${adHocFilter.operator}" is not applied: only =, !=, one of and not one of are known.`,
      );
    } else if (metric && !metric.dimensions.includes(filter.dimension)) {
      remarks.push(
        `The filter on ${filter.dimension} is not applied: ${metric.title} is not kept by ${filter.dimension}.`,
      );
    } else {
      filters.push(filter);
    }
  }
  return { query: { ...query, filters }, remarks };
}

function toFilter({ key, operator, value, values = [] }: AdHocVariableFilter): QueryFilter | undefined {
  switch (operator) {
    case '=':
      return { dimension: key, operator: 'in', values: [value] };
    case '!=':
      return { dimension: key, operator: 'not_in', values: [value] };
    case '=|':
      return { dimension: key, operator: 'in', values };
    case '!=|':
      return { dimension: key, operator: 'not_in', values };
    default:
      return undefined;
  }
}
