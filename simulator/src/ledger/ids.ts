import type { Dimensions } from './definitions.ts';

/** Counts each id once, exactly, for the whole run and as long as the memory for it lasts. */
export interface IdLedger {
  add(shop: string, metric: string, id: string, dimensions: Dimensions): void;
  /** Distinct ids by metric, dimension and value; null where there were too many to keep. */
  counts(shop: string): Record<string, Record<string, Record<string, number | null>>>;
}

/** Ids that are kept in all; the largest set is given up when there are more. */
const MAX_IDS = 500_000;

/** Makes an empty ledger of ids. */
export function createIdLedger(maxIds: number = MAX_IDS): IdLedger {
  /** By shop, metric, dimension and value; null: given up. */
  const sets = new Map<string, Map<string, Set<string> | null>>();
  let kept = 0;

  const giveUpLargest = () => {
    let largest: { of: Map<string, Set<string> | null>; key: string; size: number } | undefined;
    for (const of of sets.values()) {
      for (const [key, set] of of) {
        if (set && set.size > (largest?.size ?? 0)) largest = { of, key, size: set.size };
      }
    }
    if (!largest) return;
    largest.of.set(largest.key, null);
    kept -= largest.size;
  };
  const addTo = (shop: string, metric: string, dimension: string, value: string, id: string) => {
    let ofShop = sets.get(shop);
    if (!ofShop) {
      ofShop = new Map();
      sets.set(shop, ofShop);
    }
    const key = `${metric}|${dimension}|${value}`;
    let set = ofShop.get(key);
    if (set === null) return;
    if (set === undefined) {
      set = new Set();
      ofShop.set(key, set);
    }
    if (set.has(id)) return;
    set.add(id);
    kept += 1;
    if (kept > maxIds) giveUpLargest();
  };

  return {
    add: (shop, metric, id, dimensions) => {
      addTo(shop, metric, 'total', 'all', id);
      for (const dimension in dimensions)
        addTo(shop, metric, dimension, dimensions[dimension] ?? 'unknown', id);
    },
    counts: (shop) => {
      const counts: Record<string, Record<string, Record<string, number | null>>> = {};
      for (const [key, set] of sets.get(shop) ?? []) {
        const [metric, dimension, value] = key.split('|') as [string, string, string];
        counts[metric] ??= {};
        counts[metric][dimension] ??= {};
        counts[metric][dimension][value] = set?.size ?? null;
      }
      return counts;
    },
  };
}
