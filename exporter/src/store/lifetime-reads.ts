import { type MetricDocument, NARROW_PART } from '@storepulse/contracts';
import type { ClientSession, Collection } from 'mongodb';
import type { MetricStore } from './store.ts';

/** Further documents of one dimension of a shop that a scrape reads: two megabytes. */
const MAX_FURTHER = 4;

/** Reads what `/metrics` shows: windows of shops' lifetimes. */
export function createLifetimeReads(
  metrics: Collection<MetricDocument>,
  limits: { readonly maxTimeMS: number; readonly session: ClientSession },
): Pick<MetricStore, 'lifetimes'> {
  /** The further documents of dimensions of a lifetime; of those that have too many, none. */
  const furtherLifetimes = async (shop: string, group: string, dimensions: readonly string[]) => {
    const found = await Promise.all(
      dimensions.map((part) =>
        metrics
          .find(
            { shop, group, part, resolution: 'all' },
            { ...limits, limit: MAX_FURTHER + 1, projection: { _id: 0, shop: 1, group: 1, cells: 1 } },
          )
          .toArray(),
      ),
    );
    return {
      documents: found.filter(({ length }) => length <= MAX_FURTHER).flat(),
      leftOut: dimensions.filter((_, i) => found[i]!.length > MAX_FURTHER),
    };
  };

  return {
    lifetimes: async (shops, groups) => {
      const ofLifetime = {
        shop: { $in: [...shops] },
        group: { $in: [...groups] },
        resolution: 'all',
      } as const;
      const projection = { _id: 0, shop: 1, group: 1, cells: 1, spread: 1 };
      const first = await metrics
        .find({ ...ofLifetime, part: NARROW_PART }, { ...limits, projection })
        .toArray();
      const further = await Promise.all(
        first.map(({ shop, group, spread = [] }) => furtherLifetimes(shop, group, spread)),
      );
      return first.flatMap(({ shop, group, cells }, i) => {
        const { documents, leftOut } = further[i]!;
        const kept = Object.fromEntries(Object.entries(cells).filter(([name]) => !leftOut.includes(name)));
        return [{ shop, group, cells: kept, leftOut }, ...documents];
      });
    },
  };
}
