import { cellName, type PartMetric, parseWindowId } from '@storepulse/contracts';
import type { MetricStore, WindowSelection } from '../store/store.ts';
import type { Allowance } from '../work/allowance.ts';
import { createKept } from '../work/kept.ts';
import type { Pacer } from '../work/pacer.ts';
import { createDictionary, type Dictionary, type WindowColumns } from './columns.ts';
import type { WindowSet } from './grouped.ts';
import { createReadTogether } from './read-together.ts';
import type { Tile } from './tiles.ts';

/** Reads stored windows, and keeps what it has read. */
export interface WindowCache {
  /**
   * The stored windows of a selection. What is kept of one is used as long as its version is what was counted of it.
   * @param counted how much was counted of these windows, read just before
   * @param limit windows that may be read
   * @throws {ExporterError} `too_many_windows`, or when the store fails
   */
  read(
    selection: WindowSelection,
    parts: readonly PartMetric[],
    counted: ReadonlyMap<string, number>,
    limit: number,
    allowance: Allowance,
  ): Promise<readonly WindowSet[]>;
  /** Memory that is kept, bytes. */
  bytes(): number;
}

interface Entry {
  readonly dictionary: Dictionary;
  readonly windows: Map<string, WindowColumns>;
}

/** Memory of one value of a dimension: its text, the entry of a map and of a list. */
const FIELD_BYTES = 120;
/** A run of windows of which more are to be read anew is read as a whole. */
const MOST_READ_ANEW = 500;

/**
 * Builds the cache. A run of windows (a tile of a query) is kept as a whole, of one dimension and the measures of one
 * metric; the runs used last stay.
 */
export function createWindowCache(
  store: Pick<MetricStore, 'windows' | 'windowsOf'>,
  pacer: Pacer,
  maxBytes: number,
): WindowCache {
  const entries = createKept<Entry>(maxBytes);
  const readTogether = createReadTogether(pacer);

  const keep = (key: string, entry: Entry): void => {
    let bytes = entry.dictionary.fields.length * FIELD_BYTES;
    for (const window of entry.windows.values()) bytes += window.bytes;
    entries.keep(key, entry, bytes);
  };

  return {
    bytes: entries.bytes,
    read: async (selection, parts, counted, limit, allowance) => {
      const { shop, dimension, groups, tiles } = selection;
      const options = { signal: allowance.signal, timeoutMs: allowance.leftMs() };
      const prefix = [shop, ...selection.parts, dimension, ...groups, ...parts.map(cellName)].join('|');
      const keyOf = ({ resolution, from, to }: Tile) => `${prefix}|${resolution}|${from}|${to}`;
      const runs = tiles.map((tile) => ({ key: keyOf(tile), tile, entry: entries.get(keyOf(tile)) }));
      const runOf = (id: string) => {
        const { resolution, start } = parseWindowId(id);
        return runs.findIndex(
          ({ tile }) => tile.resolution === resolution && tile.from <= start && start < tile.to,
        );
      };

      const changed = runs.map((): string[] => []);
      if (runs.some(({ entry }) => entry)) {
        for (const [id, version] of counted) {
          const run = runOf(id);
          if (run >= 0 && runs[run]!.entry?.windows.get(id)?.version !== version) changed[run]!.push(id);
        }
        runs.forEach(({ entry }, i) => {
          for (const id of entry?.windows.keys() ?? []) if (!counted.has(id)) changed[i]!.push(id);
        });
      }
      const isCold = runs.map(({ entry }, i) => !entry || changed[i]!.length > MOST_READ_ANEW);

      const dictionary = createDictionary();
      // What others read meanwhile goes into the kept entry; this answer is of what it has read itself.
      const found = runs.map(({ entry }, i): Entry => {
        if (!entry || isCold[i]) return { dictionary, windows: new Map() };
        const windows = new Map(entry.windows);
        for (const id of changed[i]!) windows.delete(id);
        return { dictionary: entry.dictionary, windows };
      });
      const take = (window: WindowColumns) => {
        const run = runOf(window.id);
        if (run >= 0) found[run]!.windows.set(window.id, window);
      };

      const cold = tiles.filter((_, i) => isCold[i]);
      if (cold.length > 0) {
        const asked = { ...selection, tiles: cold };
        const open = () => store.windows(asked, limit, options);
        const key = JSON.stringify([asked, limit]);
        await readTogether({ key, dimension, open }, { parts, dictionary, take }, allowance);
      }
      for (const [i, ids] of changed.entries()) {
        if (isCold[i] || ids.length === 0) continue;
        const open = () => store.windowsOf(ids, selection, options);
        const key = JSON.stringify([selection, ids]);
        await readTogether(
          { key, dimension, open },
          { parts, dictionary: found[i]!.dictionary, take },
          allowance,
        );
      }
      runs.forEach(({ key }, i) => {
        keep(key, found[i]!);
      });
      return found.map(({ dictionary: own, windows }) => ({
        dictionary: own,
        windows: [...windows.values()],
      }));
    },
  };
}
