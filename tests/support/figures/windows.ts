import {
  aggregators,
  catalog,
  evaluate,
  type MeasureState,
  type StoredCell,
  type StoredCells,
  type StoredMetric,
  TOTAL_DIMENSION,
  TOTAL_VALUE,
  zoneCalendar,
} from '@storepulse/contracts';
import {
  COUNTRY,
  type Figures,
  figuresOf,
  type Metric,
  type Source,
  TIME_ZONE,
  withoutEmpty,
} from './figures.ts';

/** One stored window, as far as figures are computed from it; cells by values as they are, not escaped. */
export interface CellWindow {
  readonly start: number;
  readonly cells: StoredCells;
}

/** Reads the windows of a shop's narrow dimensions at a resolution. */
export type ReadWindows = (shop: string, resolution: '1d' | 'all') => Promise<readonly CellWindow[]>;

const calendar = zoneCalendar(TIME_ZONE);

/** Figures as any reader of the stored windows computes them: cells merged, then the catalogue's formulas. */
export function windowSource(name: string, read: ReadWindows): Source {
  return {
    name,
    lifetime: async (shop) => totalOf(await read(shop, 'all')),
    byCountry: async (shop) => {
      const windows = await read(shop, 'all');
      const countries = new Set(windows.flatMap(({ cells }) => Object.keys(cells[COUNTRY] ?? {})));
      return withoutEmpty(
        [...countries].map((country) => [country, figuresAt(windows, COUNTRY, country)] as const),
      );
    },
    byMonth: async (shop) => {
      const months = Map.groupBy(await read(shop, '1d'), ({ start }) => monthOf(start));
      return withoutEmpty([...months].map(([month, windows]) => [month, totalOf(windows)] as const));
    },
  };
}

/** The month of an instant in the shops' time zone, such as `2011-11`. */
export function monthOf(time: number): string {
  const { year, month } = calendar.localDate(time);
  return `${year}-${String(month).padStart(2, '0')}`;
}

const totalOf = (windows: readonly CellWindow[]) => figuresAt(windows, TOTAL_DIMENSION, TOTAL_VALUE);

function figuresAt(windows: readonly CellWindow[], dimension: string, value: string): Figures {
  const cells = windows.flatMap((window): StoredCell[] => {
    const cell = window.cells[dimension]?.[value];
    return cell ? [cell] : [];
  });
  const storedValue = ({ name, measure }: StoredMetric): number => {
    const aggregator = aggregators[measure];
    const states = cells.flatMap((cell): MeasureState[] => {
      const stored = cell[name];
      return stored === undefined ? [] : [aggregator.decode(stored)];
    });
    return aggregator.value(states.reduce(aggregator.merge, aggregator.zero())) ?? 0;
  };
  return figuresOf((name: Metric) => {
    const metric = catalog.metrics.get(name)!;
    if (metric.kind === 'stored') return storedValue(metric);
    if (metric.kind !== 'derived') throw new TypeError(`${name} is a ${metric.kind}, not a sum`);
    return evaluate(metric.expression, (part) => storedValue(catalog.metrics.get(part) as StoredMetric));
  });
}
