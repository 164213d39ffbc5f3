import { NARROW_PART, parseWindowId, type Shop } from '@storepulse/contracts';
import { type Freshness, freshnessByShop } from '../query/freshness.ts';
import { knownUntil } from '../query/known.ts';
import { LIFETIME_TILE } from '../query/tiles.ts';
import type { LifetimeWindow, MetricStore, WarehouseProgress } from '../store/store.ts';
import type { Family } from './families.ts';
import { type NowFigures, nowFigures } from './now-figures.ts';
import { type FamilySamples, samplesOf, type UnmergedGroups } from './samples.ts';
import { MAX_SERIES_PER_METRIC } from './series-budget.ts';

/** Who is there now is known while the shop's data reaches so near to the present. */
const NOW_MS = 5 * 60_000;

/** What one reading of the store found. */
export interface Scrape {
  /** Whether the store could be read; when not, there are no figures. */
  readonly storeUp: boolean;
  readonly durationSeconds: number;
  readonly families: readonly FamilySamples[];
  readonly freshness: ReadonlyMap<Shop['shop'], Freshness>;
  /** How the warehouse is doing. */
  readonly warehouse: WarehouseProgress;
  /** Who is there now, by shop. */
  readonly now: ReadonlyMap<Shop['shop'], NowFigures>;
}

/** Reads the lifetime figures of all shops. A failing store is an answer too: it is reported, not thrown. */
export async function scrapeStore(
  store: MetricStore,
  families: readonly Family[],
  onFailure: (error: unknown) => void,
  now: number,
): Promise<Scrape> {
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1_000;
  try {
    const groups = [...new Set(families.flatMap(({ parts }) => parts.map((part) => part.group)))];
    const [shops, progress, warehouse] = await Promise.all([
      store.shops(),
      store.progress(),
      store.warehouse(),
    ]);
    const ids = shops.map(({ shop }) => shop);
    const [{ windows, unmerged }, active] = await Promise.all([
      // More shops have no series.
      readLifetimes(store, ids.slice(0, MAX_SERIES_PER_METRIC), groups),
      nowFigures(store, ids, now),
    ]);
    const samples = samplesOf(families, shops, windows, unmerged);
    const freshness = freshnessByShop(progress);
    // Of whom nothing is known of late, nobody knows whether someone is there.
    const isKnown = (shop: string) => knownUntil(freshness.get(shop), now) > now - NOW_MS;
    return {
      storeUp: true,
      families: samples,
      freshness,
      warehouse,
      now: new Map([...active].filter(([shop]) => isKnown(shop))),
      durationSeconds: elapsed(),
    };
  } catch (error) {
    onFailure(error);
    return {
      storeUp: false,
      families: [],
      freshness: new Map(),
      warehouse: {},
      now: new Map(),
      durationSeconds: elapsed(),
    };
  }
}

/**
 * The lifetimes of all shops, and the groups of each shop that are counted and of which no lifetime is stored: their
 * zeros would be false. Lifetimes that were missing are read again after what was counted: one that is merged between
 * both reads is stored.
 */
async function readLifetimes(
  store: MetricStore,
  shops: readonly string[],
  groups: readonly string[],
): Promise<{ windows: readonly LifetimeWindow[]; unmerged: UnmergedGroups }> {
  const windows = await store.lifetimes(shops, groups);
  const counted = await countedGroups(store, shops, missingOf(shops, groups, windows));
  const begun = shops.filter((shop) => counted.get(shop)?.size);
  if (begun.length === 0) return { windows, unmerged: new Map() };
  const again = await store.lifetimes(begun, [...new Set(begun.flatMap((shop) => [...counted.get(shop)!]))]);
  const stored = new Set(windows.map(keyOf));
  const all = [...windows, ...again.filter((window) => !stored.has(keyOf(window)))];
  const missing = missingOf(begun, groups, all);
  const unmerged = begun.map((shop) => {
    const lacking = missing.get(shop)!.filter((group) => counted.get(shop)!.has(group));
    return [shop, new Set(lacking)] as const;
  });
  return { windows: all, unmerged: new Map(unmerged) };
}

const keyOf = ({ shop, group }: Pick<LifetimeWindow, 'shop' | 'group'>) => `${shop}|${group}`;

/** By shop, the groups of which no lifetime is stored. */
function missingOf(
  shops: readonly string[],
  groups: readonly string[],
  windows: readonly LifetimeWindow[],
): ReadonlyMap<string, readonly string[]> {
  const stored = new Set(windows.map(keyOf));
  return new Map(
    shops.map((shop) => [shop, groups.filter((group) => !stored.has(keyOf({ shop, group })))] as const),
  );
}

/** By shop, those of some groups of which anything has been counted. */
async function countedGroups(
  store: MetricStore,
  shops: readonly string[],
  groupsOf: ReadonlyMap<string, readonly string[]>,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const found = await Promise.all(
    shops.map(async (shop) => {
      const groups = groupsOf.get(shop)!;
      if (groups.length === 0) return [shop, new Set<string>()] as const;
      const counted = await store.counted({ shop, groups, parts: [NARROW_PART], tiles: [LIFETIME_TILE] });
      return [shop, new Set([...counted.keys()].map((id) => parseWindowId(id).group))] as const;
    }),
  );
  return new Map(found);
}
