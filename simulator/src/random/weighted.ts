import type { Random } from './random.ts';

/** Draws items, each as often as its weight says. */
export type WeightedDraw<T> = (random: Random) => T;

/**
 * Prepares a draw by cumulative weights: one random number and a binary search.
 * @throws {RangeError} when there is nothing to draw from.
 */
export function weightedDraw<T>(
  items: readonly T[],
  weightOf: (item: T, index: number) => number,
): WeightedDraw<T> {
  let total = 0;
  const bounds = Float64Array.from(items, (item, index) => {
    total += weightOf(item, index);
    return total;
  });
  if (!(total > 0)) throw new RangeError('nothing to draw from: the weights add up to nothing');
  return (random) => {
    const point = random.next() * total;
    let low = 0;
    let high = bounds.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (bounds[middle]! > point) high = middle;
      else low = middle + 1;
    }
    return items[low]!;
  };
}
