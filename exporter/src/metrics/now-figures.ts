import { aggregators, type MeasureState, type Shop } from '@storepulse/contracts';
import { NOMINAL_LENGTH } from '../query/intervals.ts';
import type { MetricStore } from '../store/store.ts';

/** Who is in a shop now. */
export interface NowFigures {
  /** Distinct visitors of the last five minutes. */
  readonly visitors: number;
  /** Distinct visits of the last thirty minutes, after which a silent one has ended. */
  readonly sessions: number;
}

/** Both figures merge that many of the last windows, the one that is filling included. */
const WINDOWS = 30;
const { distinct } = aggregators;

/** Counts who is there now against the wall clock: nobody, where nothing was heard of late. */
export async function nowFigures(
  store: Pick<MetricStore, 'totals'>,
  shops: readonly Shop['shop'][],
  now: number,
): Promise<Map<Shop['shop'], NowFigures>> {
  const count = async (metric: string, resolution: '10s' | '1m') => {
    const length = NOMINAL_LENGTH[resolution];
    const to = Math.floor(now / length) * length + length;
    const tile = { resolution, from: to - WINDOWS * length, to };
    const states = new Map<string, MeasureState>(shops.map((shop) => [shop, distinct.zero()]));
    for (const { shop, cell } of await store.totals({ shops, group: 'audience', tile })) {
      const stored = cell[metric];
      if (stored !== undefined) states.set(shop, distinct.merge(states.get(shop)!, distinct.decode(stored)));
    }
    return states;
  };
  const [visitors, sessions] = await Promise.all([
    count('active_visitors', '10s'),
    count('active_sessions', '1m'),
  ]);
  const numberOf = (states: typeof visitors, shop: string) => distinct.value(states.get(shop)!) ?? 0;
  return new Map(
    shops.map((shop) => [shop, { visitors: numberOf(visitors, shop), sessions: numberOf(sessions, shop) }]),
  );
}
