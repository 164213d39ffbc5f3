import { LAYOUT_VERSION, type MetricDocument, type Shop, unescapeField } from '@storepulse/contracts';
import type { TaskProgress } from '../query/freshness.ts';
import type { MergeProgress } from '../query/merging.ts';
import type { MetricStore } from '../store/store.ts';

/** A store over documents in memory, for tests that are about what is answered, not about MongoDB. */
export function createMemoryStore(content: {
  shops: readonly Shop[];
  documents: readonly MetricDocument[];
  progress?: readonly TaskProgress[];
  merging?: readonly MergeProgress[];
}): MetricStore {
  const { shops, documents, progress = [], merging = [] } = content;
  return {
    shops: async () => shops,
    progress: async () => progress,
    merging: async () => merging,
    layoutVersion: async () => LAYOUT_VERSION,
    windows: async ({ shop, groups, part, dimension, tiles }) =>
      documents
        .filter(
          (document) => document.shop === shop && groups.includes(document.group) && document.part === part,
        )
        .filter(({ resolution, start }) =>
          tiles.some(
            (tile) =>
              tile.resolution === resolution && tile.from <= start.getTime() && start.getTime() < tile.to,
          ),
        )
        .map(({ start, cells }) => ({ start: start.getTime(), cells: cells[dimension] ?? {} })),
    firstDay: async (shop, groups) => {
      const starts = documents
        .filter((document) => document.shop === shop && groups.includes(document.group))
        .filter(({ resolution }) => resolution === '1d')
        .map(({ start }) => start.getTime());
      return starts.length === 0 ? null : Math.min(...starts);
    },
    lifetimes: async (wanted, groups) =>
      documents.filter(
        ({ shop, group, part, resolution }) =>
          wanted.includes(shop) && groups.includes(group) && part === 'narrow' && resolution === 'all',
      ),
    dimensionValues: async ({ shop, groups, part, dimension }) => {
      const fields = documents
        .filter(
          (document) => document.shop === shop && groups.includes(document.group) && document.part === part,
        )
        .filter(({ resolution }) => resolution === 'all')
        .flatMap(({ cells }) => Object.keys(cells[dimension] ?? {}));
      return [...new Set(fields)].map(unescapeField);
    },
    close: async () => {},
  };
}
