import type { ScopedVars } from '@grafana/data';
import type { TemplateSrv } from '@grafana/runtime';
import type { StorepulseQuery } from '../types';

/** No value of a dimension holds it, so that values are told apart again after replacing. */
const SEPARATOR = '\u0000';

/**
 * Puts the values of dashboard variables into a query. In a filter, a variable with several values (or All) becomes
 * as many values; everywhere else a variable stands for one text.
 */
export function interpolateQuery(
  query: StorepulseQuery,
  templateSrv: TemplateSrv,
  scopedVars: ScopedVars,
): StorepulseQuery {
  const one = <T extends string>(text: T | undefined): T | undefined =>
    text === undefined ? undefined : (templateSrv.replace(text, scopedVars) as T);
  const many = (text: string): string[] => templateSrv.replace(text, scopedVars, joinValues).split(SEPARATOR);

  return dropEmpty({
    ...query,
    shop: one(query.shop),
    metric: one(query.metric),
    groupBy: one(query.groupBy),
    interval: one(query.interval),
    filters: query.filters?.map((filter) => ({
      ...filter,
      dimension: templateSrv.replace(filter.dimension, scopedVars),
      values: filter.values.flatMap(many),
    })),
  });
}

function joinValues(value: string | string[]): string {
  return Array.isArray(value) ? value.join(SEPARATOR) : value;
}

/** A variable without a value means "not set", not a dimension with an empty name. */
function dropEmpty(query: StorepulseQuery): StorepulseQuery {
  return Object.fromEntries(
    Object.entries(query).filter(([, value]) => value !== undefined && value !== ''),
  ) as StorepulseQuery;
}
