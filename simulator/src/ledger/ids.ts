import { type Book, facetsOf, labelsOf } from './book.ts';
import type { PlainCells } from './cells.ts';

/** Counts each id once, exactly, over a whole run and as long as the memory for it lasts. */
export interface IdLedger {
  /** Adds the ids of a book; adding them again changes nothing. */
  addAll(book: Book): void;
  /** Distinct ids by metric, dimension and value; null where there were too many to keep. */
  counts(): PlainCells<number | null>;
}

/** Ids that are kept in all; the largest set is given up when there are more. */
const MAX_IDS = 500_000;

/** Makes an empty ledger of ids. */
export function createIdLedger(maxIds: number = MAX_IDS): IdLedger {
  /** By metric, dimension and value; null: given up. */
  const sets = new Map<string, Set<string> | null>();
  let kept = 0;

  const giveUpLargest = () => {
    let largest: { key: string; size: number } | undefined;
    for (const [key, set] of sets) {
      if (set && set.size > (largest?.size ?? 0)) largest = { key, size: set.size };
    }
    if (!largest) return;
    sets.set(largest.key, null);
    kept -= largest.size;
  };
  const addTo = (metric: string, dimension: string, value: string, ids: ReadonlySet<string>) => {
    const key = `${metric}|${dimension}|${value}`;
    const set = sets.has(key) ? sets.get(key)! : new Set<string>();
    if (set === null) return;
    sets.set(key, set);
    const before = set.size;
    for (const id of ids) set.add(id);
    kept += set.size - before;
    while (kept > maxIds) giveUpLargest();
  };

  return {
    addAll: (book) => {
      for (const facets of book.main.values()) {
        for (const facet of facets.values()) {
          for (const [metric, ids] of facet) if (ids instanceof Set) addTo(metric, 'total', 'all', ids);
        }
      }
      for (const [names, labels, facet] of facetsOf(book)) {
        for (const [metric, ids] of facet) {
          if (!(ids instanceof Set)) continue;
          for (const [name, label] of labelsOf(names, labels)) addTo(metric, name, label, ids);
        }
      }
    },
    counts: () => {
      const counts: PlainCells<number | null> = {};
      for (const [key, set] of sets) {
        const [metric, dimension, value] = key.split('|') as [string, string, string];
        counts[metric] ??= {};
        counts[metric][dimension] ??= {};
        counts[metric][dimension][value] = set?.size ?? null;
      }
      return counts;
    },
  };
}
