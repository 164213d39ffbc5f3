import type { Catalog, Shop } from '@storepulse/contracts';
import { factsVersionOf } from '../facts/version.ts';
import { sharedRead } from '../metrics/shared-read.ts';
import type { MetricStore } from '../store/store.ts';
import { type Freshness, freshnessByShop } from './freshness.ts';
import { inOrder } from './held.ts';
import { isMergeSilent, mergeBacklog } from './merging.ts';
import type { Notice } from './plan.ts';

/** What all queries of a request depend on. */
export interface RequestState {
  readonly shops: ReadonlyMap<string, Shop>;
  readonly freshness: ReadonlyMap<string, Freshness>;
  /** Changes whenever facts may have changed. */
  readonly factsVersion: string;
  readonly merging: {
    /** Present while it is more than a moment behind. */
    readonly backlog: Notice | undefined;
    readonly isSilent: boolean;
  };
  /** Start of a shop's first day with data. */
  firstDayOf(shop: string): Promise<number | null>;
  /** Reads how much was counted of windows, once for queries that ask for the same. */
  readonly counted: MetricStore['counted'];
  /** Sorts what was counted, once for queries that ask for the same. */
  readonly inOrder: typeof inOrder;
}

/** Reads the state that a request begins with. Requests at the same time share one read. */
export function createStateReader(
  store: MetricStore,
  catalog: Catalog,
): (now: number) => Promise<RequestState> {
  const groups = [...catalog.groups.keys()];
  const read = sharedRead(async () => {
    const [shops, progress, merging] = await Promise.all([store.shops(), store.progress(), store.merging()]);
    return {
      shops: new Map(shops.map((shop) => [shop.shop, shop])),
      freshness: freshnessByShop(progress),
      factsVersion: factsVersionOf(progress),
      merging,
    };
  });
  return async (now) => {
    const { merging, ...state } = await read();
    return {
      ...state,
      merging: { backlog: mergeBacklog(merging, now), isSilent: isMergeSilent(merging, now) },
      firstDayOf: once(
        (shop: string) => shop,
        (shop) => store.firstDay(shop, groups),
      ),
      counted: once(
        (selection) => JSON.stringify(selection),
        (selection, options) => store.counted(selection, options),
      ) as MetricStore['counted'],
      inOrder: once((counted) => counted, inOrder),
    };
  };
}

/** Reads once for each key, however often it is asked. */
function once<A, Rest extends unknown[], T>(
  keyOf: (asked: A) => unknown,
  read: (asked: A, ...rest: Rest) => T,
): (asked: A, ...rest: Rest) => T {
  const known = new Map<unknown, T>();
  return (asked, ...rest) => {
    const key = keyOf(asked);
    const found = known.get(key) ?? read(asked, ...rest);
    known.set(key, found);
    return found;
  };
}
