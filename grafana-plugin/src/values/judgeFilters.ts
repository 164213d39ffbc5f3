import type { AdHocVariableFilter, DrilldownsApplicability } from '@grafana/data';
import { type ResolveContext, resolveQuery } from '../query/resolveQuery';
import type { StorepulseQuery } from '../types';

/**
 * Which ad hoc filters do something to at least one of the queries; for the others, why not. Without queries nothing is
 * known against a filter.
 */
export function judgeFilters(
  filters: readonly AdHocVariableFilter[],
  queries: readonly StorepulseQuery[],
  context: ResolveContext,
): DrilldownsApplicability[] {
  const passedOver = queries.map((query) => resolveQuery(query, context).passedOver);
  return filters.map(({ key, origin }) => {
    const reasons = passedOver.map((list) => list.find((entry) => entry.key === key)?.reason);
    const applicable = reasons.length === 0 || reasons.includes(undefined);
    const [reason] = reasons;
    return {
      key,
      applicable,
      ...(!applicable && reason ? { reason: `Not applied: ${reason}.` } : {}),
      ...(origin ? { origin } : {}),
    };
  });
}
