import type { Catalog } from './catalog';

/** A catalogue that is read once and kept. */
export interface CatalogCache {
  /**
   * The catalogue, read when there is none yet.
   * @param maxAgeMs read anew when it is older: shops come and go without another version. @default any age
   */
  get(maxAgeMs?: number): Promise<Catalog>;
  /** The one that is kept, if there is one. */
  peek(): Catalog | undefined;
  /** Tells which version the exporter has now: a kept catalogue of another one is forgotten. */
  noteVersion(version: string | undefined): void;
}

/** Keeps what `read` gives until the exporter tells of another version. A failure is kept for nobody. */
export function cacheCatalog(read: () => Promise<Catalog>, now: () => number = Date.now): CatalogCache {
  let kept: { catalog: Catalog; readAt: number } | undefined;
  let reading: Promise<Catalog> | undefined;

  async function readAnew(): Promise<Catalog> {
    const catalog = await read();
    kept = { catalog, readAt: now() };
    return catalog;
  }

  return {
    async get(maxAgeMs = Number.POSITIVE_INFINITY) {
      if (kept && now() - kept.readAt <= maxAgeMs) {
        return kept.catalog;
      }
      reading ??= readAnew().finally(() => {
        reading = undefined;
      });
      return reading;
    },
    peek: () => kept?.catalog,
    noteVersion(version) {
      if (version !== undefined && kept && kept.catalog.version !== version) {
        kept = undefined;
      }
    },
  };
}
