/** Series of one Prometheus metric at most. */
export const MAX_SERIES_PER_METRIC = 100;
/** Series of all business metrics at most. */
export const MAX_SERIES = 2_000;

/**
 * How many series each shop may have of one breakdown, `other` included: the most that keeps every metric and the
 * whole within budget; 0 when breakdowns do not fit at all.
 * @param sizes values by breakdown and shop
 * @param shops how many shops there are
 * @param totals series that are no breakdown's
 */
export function seriesPerShop(sizes: readonly number[], shops: number, totals: number): number {
  let limit = Math.floor(MAX_SERIES_PER_METRIC / Math.max(1, shops));
  const series = () => sizes.reduce((sum, size) => sum + Math.min(size, limit), totals);
  while (limit > 0 && series() > MAX_SERIES) limit--;
  return limit;
}
