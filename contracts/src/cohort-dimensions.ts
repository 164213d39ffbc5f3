import { FACT_DIMENSIONS } from './catalog/facts.ts';

/** What cohorts can be filtered by, of the first order: `segment` changes with time, and the cohort is the row. */
export const COHORT_DIMENSIONS: readonly string[] = FACT_DIMENSIONS.customers.filter(
  (name) => name !== 'cohort' && name !== 'segment',
);
