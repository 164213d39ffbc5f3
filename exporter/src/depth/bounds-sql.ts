/** SQL of how many of some instants, in ascending order, a time has reached: those that are not later than it. */
export function countSql(time: string, bounds: readonly number[]): string {
  const [first, second] = bounds;
  if (first === undefined) return '0';
  const step = (second ?? 0) - first;
  if (bounds.length > 2 && bounds.every((bound, i) => bound === first + i * step))
    return `CASE WHEN ${time} < ${first} THEN 0 ELSE least((${time} - ${first}) // ${step} + 1, ${bounds.length}) END`;
  return halving(time, bounds, 0, bounds.length);
}

/** Comparing takes half the time of a table that tells each instant, `bench/depth`. */
function halving(time: string, bounds: readonly number[], from: number, to: number): string {
  if (from === to) return String(from);
  const middle = (from + to) >> 1;
  return `CASE WHEN ${time} < ${bounds[middle]} THEN ${halving(time, bounds, from, middle)} ELSE ${halving(time, bounds, middle + 1, to)} END`;
}
