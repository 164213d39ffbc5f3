import { type Book, facetsOf, getOrAdd, labelsOf, mergeFacets, type Tally } from './book.ts';

/** What was counted by metric, dimension and value; the dimension `total` has the one value `all`. */
export type Cells = Map<string, Map<string, Map<string, Tally>>>;

/** The cells that a book makes: each metric whole, and by each single label. */
export function cellsOf(book: Book): Cells {
  const cells: Cells = new Map();
  const addCell = (dimension: string, value: string, facet: ReadonlyMap<string, Tally>) => {
    for (const [metric, tally] of facet) {
      const byDimension = getOrAdd(cells, metric, () => new Map<string, Map<string, Tally>>());
      const values = getOrAdd(byDimension, dimension, () => new Map<string, Tally>());
      const sum = new Map(values.has(value) ? [[metric, values.get(value)!]] : []);
      mergeFacets(sum, new Map([[metric, tally]]));
      values.set(value, sum.get(metric)!);
    }
  };
  for (const facets of book.main.values())
    for (const facet of facets.values()) addCell('total', 'all', facet);
  for (const [names, labels, facet] of facetsOf(book)) {
    for (const [name, label] of labelsOf(names, labels)) addCell(name, label, facet);
  }
  return cells;
}

/** Numbers as JSON: metric → dimension → value → number. */
export type PlainCells = Record<string, Record<string, Record<string, number>>>;

/** The sums among some cells, as JSON. */
export function plainSums(cells: Cells): PlainCells {
  const plain: PlainCells = {};
  for (const [metric, byDimension] of cells) {
    for (const [dimension, values] of byDimension) {
      for (const [value, tally] of values) {
        if (typeof tally !== 'number') continue;
        plain[metric] ??= {};
        plain[metric][dimension] ??= {};
        plain[metric][dimension][value] = tally;
      }
    }
  }
  return plain;
}
