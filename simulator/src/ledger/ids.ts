import type { Book } from './book.ts';

/** Counts each id once, exactly, over a whole run and as long as the memory for it lasts. */
export interface IdLedger {
  /** Adds the ids of a book; adding them again changes nothing. */
  addAll(book: Book): void;
  /** Distinct ids by metric; null where there were too many to keep. */
  counts(): Record<string, number | null>;
}

/** Ids that are kept in all; the largest set is given up when there are more. */
const MAX_IDS = 300_000;

/** Makes an empty ledger of ids. */
export function createIdLedger(maxIds: number = MAX_IDS): IdLedger {
  /** By metric; null: given up. */
  const sets = new Map<string, Set<string> | null>();
  let kept = 0;

  const giveUpLargest = () => {
    let largest: { metric: string; size: number } | undefined;
    for (const [metric, set] of sets) {
      if (set && set.size > (largest?.size ?? 0)) largest = { metric, size: set.size };
    }
    if (!largest) return;
    sets.set(largest.metric, null);
    kept -= largest.size;
  };
  const addTo = (metric: string, ids: ReadonlySet<string>) => {
    const set = sets.has(metric) ? sets.get(metric)! : new Set<string>();
    if (set === null) return;
    sets.set(metric, set);
    const before = set.size;
    for (const id of ids) set.add(id);
    kept += set.size - before;
    if (kept > maxIds) giveUpLargest();
  };

  return {
    addAll: ({ main }) => {
      for (const facets of main.values()) {
        for (const facet of facets.values()) {
          for (const [metric, ids] of facet) if (ids instanceof Set) addTo(metric, ids);
        }
      }
    },
    counts: () => Object.fromEntries([...sets].map(([metric, set]) => [metric, set?.size ?? null])),
  };
}
