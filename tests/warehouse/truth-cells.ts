import { catalog, type StoredMetric } from '@storepulse/contracts';
import type { Tally } from '@storepulse/simulator/ledger/book';
import { type Cells, cellKey } from '@storepulse/warehouse/reconcile/cells';
import type { Simulated } from './simulated.ts';

const metrics = [...catalog.metrics.values()];
const stored = metrics.filter((metric) => metric.kind === 'stored');
const quantiles = metrics.filter((metric) => metric.kind === 'quantile');

/** What a day's cell must be, where it is a number; undefined for a distribution. */
function numberOf({ measure }: StoredMetric, tally: Tally): number | undefined {
  if (typeof tally === 'number') return tally;
  if (tally instanceof Set) return tally.size;
  if (!(tally instanceof Map)) return tally.value;
  if (measure === 'min') return Math.min(...tally.keys());
  if (measure === 'max') return Math.max(...tally.keys());
  // What is judged of visits is written by when they ended; here all have.
  if (measure === 'count') return [...tally.values()].reduce((sum, times) => sum + times, 0);
  return undefined;
}

/** All that a ledger knows, by `day|metric|dimension|value`; of a distribution, where its quantiles lie. */
export function cellsOfTruth(truth: Simulated['truth']): Cells {
  const cells: Cells = new Map();
  for (const [day, ofDay] of truth)
    for (const metric of stored)
      for (const [dimension, values] of ofDay.get(metric.name) ?? [])
        for (const [value, tally] of values) {
          if (dimension !== 'total' && !metric.dimensions.includes(dimension)) continue;
          const number = numberOf(metric, tally);
          if (number) cells.set(cellKey({ day, metric: metric.name, dimension, value }), number);
          if (metric.measure !== 'distribution') continue;
          const sorted = [...(tally as ReadonlyMap<number, number>)]
            .flatMap(([at, times]) => Array<number>(times).fill(at))
            .sort((a, b) => a - b);
          for (const { name, of, quantile } of quantiles) {
            if (of !== metric.name) continue;
            const rank = quantile * (sorted.length - 1);
            const between = { low: sorted[Math.floor(rank)]!, high: sorted[Math.ceil(rank)]! };
            cells.set(cellKey({ day, metric: name, dimension, value }), between);
          }
        }
  return cells;
}
