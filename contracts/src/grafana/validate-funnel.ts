import type { FunnelQuery } from '../query.ts';
import { VISIT_DIMENSIONS, VISIT_STEPS, type VisitStep } from '../visit-steps.ts';
import { checkCount, checkFilters, checkShop, UnusableQueryError } from './checks.ts';
import type { StorepulseQuery } from './stored-query.ts';
import type { Asked } from './validate-query.ts';

/** The greatest number of groups to keep that a funnel may ask for. */
export const MOST_FUNNELS = 100;

/** The exporter's form of a funnel. @throws {UnusableQueryError} */
export function validateFunnel(query: StorepulseQuery, defaultShop: string | undefined): Asked<FunnelQuery> {
  const groupBy = query.groupBy ? checkSplit(query.groupBy) : undefined;
  const limit = groupBy === undefined ? undefined : checkCount('Top', query.limit, MOST_FUNNELS);
  const filters = checkFilters(query.filters);
  return {
    type: 'funnel',
    shop: checkShop(query.shop ?? defaultShop),
    steps: checkSteps(query.steps ?? []),
    ...(query.open ? { open: true } : {}),
    ...(groupBy === undefined ? {} : { groupBy }),
    ...(limit === undefined ? {} : { limit }),
    ...(filters.length > 0 ? { filters } : {}),
  };
}

function checkSplit(text: string): NonNullable<FunnelQuery['groupBy']> {
  const dimension = VISIT_DIMENSIONS.find((each) => each === text);
  if (!dimension) {
    throw new UnusableQueryError(
      `Visits are not kept by ${text}. Group them by one of ${VISIT_DIMENSIONS.join(', ')}.`,
    );
  }
  return dimension;
}

/** A step that is named twice, as a variable may do, is one. */
function checkSteps(texts: readonly string[]): VisitStep[] {
  const steps = [...new Set(texts)].map((text) => {
    const step = VISIT_STEPS.find((each) => each === text);
    if (!step) {
      throw new UnusableQueryError(
        `"${text}" is no step of a visit. Choose some of ${VISIT_STEPS.join(', ')}.`,
      );
    }
    return step;
  });
  if (steps.length < 2) {
    throw new UnusableQueryError(
      `A funnel goes through at least two steps, and this one has ${steps.length === 0 ? 'none' : 'one'}. Choose some of ${VISIT_STEPS.join(', ')}.`,
    );
  }
  return steps;
}
