import type { Dimensions } from './definitions.ts';

/** Sums of one window: metric → dimension → value → sum. The dimension `total` has the one value `all`. */
export type Cells = Map<string, Map<string, Map<string, number>>>;

/** Adds an amount under each of its dimensions, and to the total. */
export function addToCells(cells: Cells, metric: string, amount: number, dimensions: Dimensions): void {
  const byDimension = getOrAdd(cells, metric, () => new Map<string, Map<string, number>>());
  addValue(byDimension, 'total', 'all', amount);
  for (const dimension in dimensions)
    addValue(byDimension, dimension, dimensions[dimension] ?? 'unknown', amount);
}

/** Adds all of one window's sums to another's. */
export function mergeCells(into: Cells, from: Cells): void {
  for (const [metric, byDimension] of from) {
    const target = getOrAdd(into, metric, () => new Map<string, Map<string, number>>());
    for (const [dimension, values] of byDimension) {
      for (const [value, amount] of values) addValue(target, dimension, value, amount);
    }
  }
}

/** Sums as JSON: metric → dimension → value → sum. */
export type PlainCells = Record<string, Record<string, Record<string, number>>>;

/** Sums as JSON. */
export function plainCells(cells: Cells): PlainCells {
  return Object.fromEntries(
    [...cells].map(([metric, byDimension]) => [
      metric,
      Object.fromEntries(
        [...byDimension].map(([dimension, values]) => [dimension, Object.fromEntries(values)]),
      ),
    ]),
  );
}

/** The sums of two sets of windows together. */
export function addPlainCells(left: PlainCells, right: PlainCells): PlainCells {
  const result: PlainCells = structuredClone(left);
  for (const [metric, byDimension] of Object.entries(right)) {
    const known = result[metric] ?? {};
    result[metric] = known;
    for (const [dimension, values] of Object.entries(byDimension)) {
      const target = known[dimension] ?? {};
      known[dimension] = target;
      for (const [value, amount] of Object.entries(values)) target[value] = (target[value] ?? 0) + amount;
    }
  }
  return result;
}

function addValue(
  byDimension: Map<string, Map<string, number>>,
  dimension: string,
  value: string,
  amount: number,
): void {
  const values = getOrAdd(byDimension, dimension, () => new Map<string, number>());
  values.set(value, (values.get(value) ?? 0) + amount);
}

/** The value of a key, made when there is none. */
export function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = make();
  map.set(key, value);
  return value;
}
