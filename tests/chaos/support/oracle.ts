import { catalog, RESOLUTIONS, type Resolution, type StoredCells } from '@storepulse/contracts';
import { localDays } from './local-day.ts';

/** A figure that is not as it must be. */
export interface Difference {
  /** Where, in words. */
  readonly cell: string;
  readonly expected: number;
  readonly shown: number;
}

/** Numbers by `resolution start metric dimension=value`; one that is 0 is not there. */
export type CellNumbers = Map<string, number>;

/** The dimensions by which each stored metric that is a count or a sum is kept. */
const EXACT: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  [...catalog.metrics.values()].flatMap((metric) =>
    metric.kind === 'stored' && (metric.measure === 'count' || metric.measure === 'sum')
      ? [[metric.name, new Set<string>(['total', ...metric.dimensions])] as const]
      : [],
  ),
);

const LENGTHS = { '10s': 10_000, '1m': 60_000, '1h': 3_600_000 };

/** The windows that an instant falls in, at every resolution; hours are those of UTC. */
export function windowStarts(timeZone: string): (time: number) => [Resolution, number][] {
  const dayStart = localDays(timeZone);
  return (time) =>
    RESOLUTIONS.map((resolution) => {
      if (resolution === 'all') return [resolution, 0];
      if (resolution === '1d') return [resolution, dayStart(time)];
      return [resolution, Math.floor(time / LENGTHS[resolution]) * LENGTHS[resolution]];
    });
}

/** Adds a number to a cell. */
export function addTo(cells: CellNumbers, cell: string, amount: number): void {
  const sum = (cells.get(cell) ?? 0) + amount;
  if (sum === 0) cells.delete(cell);
  else cells.set(cell, sum);
}

/** A metric with one of its dimensions, by a name that both sides use. */
export const cutName = (metric: string, dimension: string) => `${metric} ${dimension}`;

/** Every count and sum of stored windows, of some cuts; values of dimensions as they are, not escaped. */
export function shownCells(
  windows: Iterable<{ resolution: Resolution; start: number; cells: StoredCells }>,
  cuts: ReadonlySet<string>,
): CellNumbers {
  const shown: CellNumbers = new Map();
  for (const { resolution, start, cells } of windows) {
    for (const [dimension, values] of Object.entries(cells)) {
      for (const [value, measures] of Object.entries(values)) {
        for (const [metric, stored] of Object.entries(measures)) {
          if (typeof stored !== 'number' || !EXACT.has(metric)) continue;
          if (!cuts.has(cutName(metric, dimension))) continue;
          addTo(shown, cellName(resolution, start, metric, dimension, value), stored);
        }
      }
    }
  }
  return shown;
}

/** The cells that differ, those that only one side has included. */
export function differencesOf(where: string, expected: CellNumbers, shown: CellNumbers): Difference[] {
  const cells = new Set([...expected.keys(), ...shown.keys()]);
  return [...cells].flatMap((cell): Difference[] => {
    const pair = { expected: expected.get(cell) ?? 0, shown: shown.get(cell) ?? 0 };
    return pair.expected === pair.shown ? [] : [{ cell: `${where}: ${cell}`, ...pair }];
  });
}

/** The name of a cell in both. */
export function cellName(
  resolution: Resolution,
  start: number,
  metric: string,
  dimension: string,
  value: string,
) {
  const from = resolution === 'all' ? '' : ` ${new Date(start).toISOString()}`;
  return `${resolution}${from} ${metric} ${dimension}=${value}`;
}
