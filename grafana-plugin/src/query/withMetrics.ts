import type { StorepulseQuery } from '../types';

/** A query of other metrics, in the shape that is stored: the first one, and the further ones where there are any. */
export function withMetrics(query: StorepulseQuery, names: readonly string[]): StorepulseQuery {
  const { metric: _before, furtherMetrics: _further, ...rest } = query;
  const [metric, ...furtherMetrics] = names;
  return {
    ...rest,
    ...(metric === undefined ? {} : { metric }),
    ...(furtherMetrics.length > 0 ? { furtherMetrics } : {}),
  };
}
