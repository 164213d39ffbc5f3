import type { CohortQuery } from '../query.ts';
import { checkCount, checkFilters, checkShop } from './checks.ts';
import type { StorepulseQuery } from './stored-query.ts';
import type { Asked } from './validate-query.ts';

/** The greatest number of months that cohorts can be followed for. */
export const MOST_MONTHS = 120;

/** The exporter's form of a query of cohorts. @throws {UnusableQueryError} */
export function validateCohort(query: StorepulseQuery, defaultShop: string | undefined): Asked<CohortQuery> {
  const months = checkCount('Months', query.months, MOST_MONTHS);
  const filters = checkFilters(query.filters);
  return {
    type: 'cohort',
    shop: checkShop(query.shop ?? defaultShop),
    ...(months === undefined ? {} : { months }),
    ...(filters.length > 0 ? { filters } : {}),
  };
}
