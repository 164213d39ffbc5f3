import { type Catalog, type MetricRecord, parseWindowId, type Resolution } from '@storepulse/contracts';
import { gatherCells } from '../figures.ts';
import type { TopicSource } from '../read-topic.ts';
import { windowKey } from '../window-keys.ts';
import { type Surface, storedMetrics } from './surface.ts';

/** The latest record of a window; its text is kept until it is needed. */
interface Latest {
  readonly resolution: Resolution;
  readonly start: number;
  readonly version: number;
  readonly value: Buffer;
}

/**
 * Figures of the topic `metrics`: reads it to its end and keeps the highest version of each window, as every
 * consumer of it should. What comes later is not seen.
 * @param wanted whether windows of a shop that begin at an instant are asked for
 */
export async function topicSurface(
  source: TopicSource,
  catalog: Catalog,
  wanted: (shop: string, resolution: Resolution, start: number) => boolean,
): Promise<Surface> {
  const metrics = storedMetrics(catalog);
  const shops = new Map<string, Map<string, Latest>>();
  await source.read('metrics', ({ key, value }) => {
    const id = String(key);
    const window = parseId(id);
    // A tombstone: the window's time to be kept has passed.
    if (window && !value) shops.get(window.shop)?.delete(id);
    if (!window || !value || !wanted(window.shop, window.resolution, window.start)) return;
    const { version } = JSON.parse(value.toString()) as MetricRecord;
    const ofShop = shops.get(window.shop) ?? new Map<string, Latest>();
    shops.set(window.shop, ofShop);
    if (version < (ofShop.get(id)?.version ?? 0)) return;
    ofShop.set(id, { resolution: window.resolution, start: window.start, version, value });
  });

  return {
    name: 'topic metrics',
    tellsGaps: true,
    tells: () => true,
    shows: () => true,
    toShown: (_metric, value) => value,
    read: async ({ shop, dateOf }, span) => {
      const windows = new Map<string, ReturnType<typeof gatherCells>>();
      for (const { resolution, start, value } of shops.get(shop)?.values() ?? []) {
        if (resolution !== span.resolution) continue;
        if (resolution !== 'all' && (start < span.from || start >= span.to)) continue;
        const key = windowKey(resolution, start, dateOf);
        const gathered = windows.get(key) ?? gatherCells();
        windows.set(key, gathered);
        const { cells } = JSON.parse(value.toString()) as MetricRecord;
        for (const [dimension, values] of Object.entries(cells)) {
          for (const [label, cell] of Object.entries(values)) {
            for (const [name, told] of Object.entries(cell)) {
              const metric = metrics.get(name);
              if (!metric) continue;
              const stored =
                typeof told === 'number' ? told : new Uint8Array(Buffer.from(told.sketch, 'base64'));
              gathered.add(metric, dimension, label, stored);
            }
          }
        }
      }
      return new Map([...windows].map(([key, gathered]) => [key, gathered.shown()]));
    },
  };
}

function parseId(id: string): ReturnType<typeof parseWindowId> | undefined {
  try {
    return parseWindowId(id);
  } catch {
    return undefined;
  }
}
