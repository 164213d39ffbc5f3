/** What is kept between requests, within some memory. */
export interface Kept<T> {
  /** What is kept under a name, which is used last by that. */
  get(key: string): T | undefined;
  /** Keeps a value in place of what the name stood for; those that were used last stay. */
  keep(key: string, value: T, bytes: number): void;
  /** Memory that is kept, bytes. */
  bytes(): number;
}

/** Builds it. @param maxBytes memory that it may keep */
export function createKept<T>(maxBytes: number): Kept<T> {
  /** In order of use. */
  const entries = new Map<string, { readonly value: T; readonly bytes: number }>();
  let kept = 0;

  const drop = (key: string): void => {
    kept -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  };

  return {
    bytes: () => kept,
    get: (key) => {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    keep: (key, value, bytes) => {
      drop(key);
      if (bytes > maxBytes) return;
      entries.set(key, { value, bytes });
      kept += bytes;
      for (const oldest of entries.keys()) {
        if (kept <= maxBytes) break;
        drop(oldest);
      }
    },
  };
}
