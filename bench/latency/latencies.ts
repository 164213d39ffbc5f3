/** Delays of events, gathered per millisecond. */
export interface Latencies {
  /** Notes that of a lane's events in a window those up to `index` can be seen now. */
  note(window: number, lane: string, index: number): void;
  /** The delay that a share of the events stayed below, in ms. */
  quantile(q: number): number;
  readonly count: number;
}

const MAX_MS = 60_000;

/**
 * Reckons from the time an event was due, not sent, to the time it was seen. Windows hold events by due time, and
 * a lane’s come in order; so a lane’s last index in a window tells of all before it there. Between two indexes of a
 * lane lie those of other lanes too: each counts once in every lane, which weighs all times alike.
 * @param warmUp events that are left out at the beginning
 */
export function createLatencies(options: {
  begin: number;
  rate: number;
  warmUp: number;
  windowMs: number;
}): Latencies {
  const { begin, rate, warmUp, windowMs } = options;
  const histogram = new Uint32Array(MAX_MS);
  const seen = new Map<string, number>();
  let count = 0;
  const dueAt = (index: number) => begin + (index * 1_000) / rate;
  const firstOf = (window: number) => Math.max(0, Math.ceil(((window - begin) * rate) / 1_000));

  return {
    note: (window, lane, index) => {
      const now = Date.now();
      const key = `${window}|${lane}`;
      const from = Math.max(warmUp, seen.get(key) ?? firstOf(window));
      for (let n = from; n <= index && dueAt(n) < window + windowMs; n++) {
        histogram[Math.min(MAX_MS - 1, Math.max(0, Math.round(now - dueAt(n))))]!++;
        count++;
      }
      seen.set(key, Math.max(from, index + 1));
    },
    quantile: (q) => {
      let left = q * count;
      for (let ms = 0; ms < MAX_MS; ms++) {
        left -= histogram[ms]!;
        if (left <= 0) return ms;
      }
      return MAX_MS;
    },
    get count() {
      return count;
    },
  };
}
