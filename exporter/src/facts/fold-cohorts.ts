import { bucketAt, type TimeRange } from '../query/buckets.ts';
import type { Steps } from '../work/pacer.ts';
import type { CustomerHistory } from './customer-histories.ts';

/** Customers by the month of their first order. */
export interface Cohort {
  /** Place of the month among those that were asked for. */
  readonly first: number;
  /** By months since the first one: customers with an order in that month. */
  readonly ordered: number[];
}

/** Customers between two places to rest. */
const CUSTOMERS_PER_STEP = 64;

/**
 * Counts, for each first month, in how many customers ordered in that month and in those after it: each customer once in a month.
 * @param months without holes, the shop's; `rows` of them are first months
 * @param columns months after the first one
 */
export function* foldCohorts(
  customers: readonly CustomerHistory[],
  months: readonly TimeRange[],
  { rows, columns, keeps }: { rows: number; columns: number; keeps: (customer: CustomerHistory) => boolean },
): Steps<Cohort[]> {
  const cohorts = cohortsOf(Math.min(rows, months.length), columns);
  let read = 0;
  for (const customer of customers) {
    if (++read % CUSTOMERS_PER_STEP === 0) yield;
    const { times, isOrder } = customer;
    const first = bucketAt(months, times[isOrder.indexOf(true)]!);
    const cohort = first < 0 ? undefined : cohorts[first];
    if (!cohort || !keeps(customer)) continue;
    let last = -1;
    for (let i = 0; i < times.length; i++) {
      if (!isOrder[i]) continue;
      const month = bucketAt(months, times[i]!);
      // Months after the last one that is looked at are none of them.
      if (month < 0 || month - first > columns) break;
      if (month > last) cohort.ordered[month - first]!++;
      last = month;
    }
  }
  return cohorts;
}

/** Cohorts that nobody is in yet. */
export function cohortsOf(rows: number, columns: number): Cohort[] {
  return Array.from({ length: rows }, (_, first) => ({
    first,
    ordered: new Array<number>(columns + 1).fill(0),
  }));
}
