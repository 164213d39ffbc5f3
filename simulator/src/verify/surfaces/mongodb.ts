import {
  type Catalog,
  COLLECTIONS,
  type MetricDocument,
  partsOf,
  unescapeField,
} from '@storepulse/contracts';
import type { Db, Filter } from 'mongodb';
import { gatherCells } from '../figures.ts';
import { windowKey } from '../window-keys.ts';
import { type Surface, storedMetrics } from './surface.ts';

/** Figures of the collection `metrics`, as every reader of the stored windows finds them. */
export function mongoSurface(db: Db, catalog: Catalog): Surface {
  const metrics = storedMetrics(catalog);
  const collection = db.collection<MetricDocument>(COLLECTIONS.metrics);
  const parts = [...new Set([undefined, ...catalog.dimensions.values()].flatMap(partsOf))];
  return {
    name: 'MongoDB',
    tellsGaps: true,
    tells: () => true,
    shows: () => true,
    toShown: (_metric, value) => value,
    read: async ({ shop, dateOf }, { resolution, from, to }) => {
      const windows = new Map<string, ReturnType<typeof gatherCells>>();
      const filter: Filter<MetricDocument> = {
        shop,
        group: { $in: [...catalog.groups.keys()] },
        part: { $in: parts },
        resolution,
        ...(resolution === 'all' ? {} : { start: { $gte: new Date(from), $lt: new Date(to) } }),
      };
      const found = collection.find(filter, { promoteBuffers: true, projection: { start: 1, cells: 1 } });
      for await (const { start, cells } of found) {
        const key = windowKey(resolution, start.getTime(), dateOf);
        const gathered = windows.get(key) ?? gatherCells();
        windows.set(key, gathered);
        for (const [dimension, values] of Object.entries(cells)) {
          for (const [field, cell] of Object.entries(values)) {
            const value = unescapeField(field);
            for (const [name, stored] of Object.entries(cell)) {
              const metric = metrics.get(name);
              if (metric) gathered.add(metric, dimension, value, stored);
            }
          }
        }
      }
      return new Map([...windows].map(([key, gathered]) => [key, gathered.shown()]));
    },
  };
}
