import { catalog, type QuantileMetric, type StoredMetric } from '@storepulse/contracts';
import type { Tally } from '../ledger/book.ts';
import { cellsOf } from '../ledger/cells.ts';
import { MARKETS } from '../world/markets.ts';
import type { ShopTruth } from './gather-truth.ts';
import { trueWindows } from './truth.ts';
import { localDates } from './window-keys.ts';

/** What one cell of one day must be: a number in minor units, or the values between which a quantile lies. */
export type TrueCell = {
  readonly shop: string;
  /** `YYYY-MM-DD`, in the shop's calendar. */
  readonly day: string;
  readonly metric: string;
  readonly dimension: string;
  readonly value: string;
} & ({ readonly amount: number } | { readonly low: number; readonly high: number });

const metrics = [...catalog.metrics.values()];
const stored = metrics.filter((metric) => metric.kind === 'stored');
const quantiles = Map.groupBy(
  metrics.filter((metric) => metric.kind === 'quantile'),
  ({ of }) => of,
);

/** All cells of a shop's days, of every stored metric and every quantile. Visits are judged as if all had ended. */
export function* dailyTruth({ shop, market, parts }: ShopTruth): Generator<TrueCell> {
  const dateOf = localDates(MARKETS[market].timeZone);
  for (const { key: day, book } of trueWindows(parts, '1d', dateOf, 0)) {
    const cells = cellsOf(book);
    for (const metric of stored) {
      for (const [dimension, values] of cells.get(metric.name) ?? []) {
        if (dimension !== 'total' && !metric.dimensions.includes(dimension)) continue;
        for (const [value, tally] of values)
          yield* trueCells({ shop, day, metric: metric.name, dimension, value }, metric, tally);
      }
    }
  }
}

type Name = Pick<TrueCell, 'shop' | 'day' | 'metric' | 'dimension' | 'value'>;

function* trueCells(name: Name, metric: StoredMetric, tally: Tally): Generator<TrueCell> {
  if (metric.measure !== 'distribution') {
    yield { ...name, amount: numberOf(metric, tally) };
    return;
  }
  const values = [...(tally as ReadonlyMap<number, number>)].sort(([a], [b]) => a - b);
  for (const quantile of quantiles.get(metric.name) ?? [])
    yield { ...name, metric: quantile.name, ...neighbours(values, quantile) };
}

function numberOf({ measure }: StoredMetric, tally: Tally): number {
  if (typeof tally === 'number') return tally;
  if (tally instanceof Set) return tally.size;
  if (!(tally instanceof Map)) return tally.value;
  if (measure === 'min') return [...tally.keys()].reduce((a, b) => Math.min(a, b));
  if (measure === 'max') return [...tally.keys()].reduce((a, b) => Math.max(a, b));
  // What is judged of a visit is written by when it was heard of last.
  return [...tally.values()].reduce((sum, times) => sum + times, 0);
}

/** The values at both sides of a quantile's rank. */
function neighbours(values: readonly (readonly [number, number])[], { quantile }: QuantileMetric) {
  const count = values.reduce((sum, [, times]) => sum + times, 0);
  const rank = quantile * (count - 1);
  return { low: valueAt(values, Math.floor(rank)), high: valueAt(values, Math.ceil(rank)) };
}

function valueAt(values: readonly (readonly [number, number])[], index: number): number {
  let seen = 0;
  for (const [value, times] of values) {
    seen += times;
    if (seen > index) return value;
  }
  return values.at(-1)![0];
}
