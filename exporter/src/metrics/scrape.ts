import type { Shop } from '@storepulse/contracts';
import { type Freshness, freshnessByShop } from '../query/freshness.ts';
import type { MetricStore } from '../store/store.ts';
import type { Family } from './families.ts';
import { type NowFigures, nowFigures } from './now-figures.ts';
import { type FamilySamples, samplesOf } from './samples.ts';

/** What one reading of the store found. */
export interface Scrape {
  /** Whether the store could be read; when not, there are no figures. */
  readonly storeUp: boolean;
  readonly durationSeconds: number;
  readonly families: readonly FamilySamples[];
  readonly freshness: ReadonlyMap<Shop['shop'], Freshness>;
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
    const [shops, progress] = await Promise.all([store.shops(), store.progress()]);
    const ids = shops.map(({ shop }) => shop);
    const [windows, active] = await Promise.all([store.lifetimes(ids, groups), nowFigures(store, ids, now)]);
    const samples = samplesOf(families, shops, windows);
    return {
      storeUp: true,
      families: samples,
      freshness: freshnessByShop(progress),
      now: active,
      durationSeconds: elapsed(),
    };
  } catch (error) {
    onFailure(error);
    return { storeUp: false, families: [], freshness: new Map(), now: new Map(), durationSeconds: elapsed() };
  }
}
