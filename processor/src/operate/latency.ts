import { Histogram, type Registry } from 'prom-client';

/** Upper bounds of the buckets, seconds. */
const BOUNDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] as const;

/** A histogram of the time from records to their commit. */
export interface LatencyHistogram {
  /**
   * Adds the records of a commit at once.
   * @param sentAt the records' own timestamps, epoch ms
   * @param now epoch ms; clocks differ: a record of the future took no time
   */
  observe(sentAt: readonly number[], now: number): void;
}

/** Registers the histogram. The client's own takes one value a call, which costs more than counting the record. */
export function createLatencyHistogram(name: string, help: string, registry: Registry): LatencyHistogram {
  const counts = new Array<number>(BOUNDS.length + 1).fill(0);
  let sum = 0;
  const content = async () => {
    let below = 0;
    const bucket = (le: number | '+Inf', i: number) => {
      below += counts[i]!;
      return { labels: { le }, value: below, metricName: `${name}_bucket` };
    };
    const values = [
      ...[...BOUNDS, '+Inf' as const].map(bucket),
      { labels: {}, value: sum, metricName: `${name}_sum` },
      { labels: {}, value: below, metricName: `${name}_count` },
    ];
    return { name, help, type: 'histogram', values, aggregator: 'sum' };
  };
  const histogram = new Histogram({ name, help, registers: [] });
  registry.registerMetric(Object.assign(histogram, { getForPromString: content, get: content }));
  return {
    observe: (sentAt, now) => {
      for (const time of sentAt) {
        const seconds = Math.max(0, now - time) / 1_000;
        let bucket = 0;
        while (bucket < BOUNDS.length && seconds > BOUNDS[bucket]!) bucket++;
        counts[bucket]!++;
        sum += seconds;
      }
    },
  };
}
