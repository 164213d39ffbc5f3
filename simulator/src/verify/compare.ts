import { catalog, type StoredMetric, toCurrencyUnits } from '@storepulse/contracts';
import type { PlainCells } from '../ledger/cells.ts';

/** Values by metric, dimension and value; null where nothing is known. */
export type Figures = Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, number | null>>>>>
>;

/** One cell: what it must be and what is shown, in the units that are shown. */
export interface Comparison {
  readonly metric: string;
  readonly dimension: string;
  readonly value: string;
  readonly expected: number;
  readonly shown: number;
  readonly matches: boolean;
}

/** The stored metrics that are sums or counts, and those that count distinct ids. */
const STORED = [...catalog.metrics.values()].filter(
  (metric): metric is StoredMetric => metric.kind === 'stored',
);
/** Distinct counts are exact up to so many; above, three standard errors of 2.3 % are allowed. */
const EXACT_UP_TO = 256;
const ALLOWED_ERROR = 3 * 0.023;

/**
 * Compares cell by cell over the whole life of a shop. A cell that only one side has is compared with 0.
 * @param distinct null when distinct ids can't be known, since the shop had other runs before
 * @param scale decimals of the shop's money
 */
export function compareFigures(parts: {
  readonly sums: PlainCells;
  readonly distinct: Figures | null;
  readonly shown: Figures;
  readonly scale: number;
}): Comparison[] {
  const { sums, distinct, shown, scale } = parts;
  return STORED.flatMap(({ name, measure, unit, dimensions }) => {
    const isDistinct = measure === 'distinct';
    if (isDistinct && !distinct) return [];
    const expected = (isDistinct ? distinct! : sums)[name] ?? {};
    return ['total', ...dimensions].flatMap((dimension) => {
      const wanted: Readonly<Record<string, number | null>> = expected[dimension] ?? {};
      const seen = shown[name]?.[dimension] ?? {};
      const values = [...new Set([...Object.keys(wanted), ...Object.keys(seen)])].sort();
      return values.flatMap((value): Comparison[] => {
        const must = wanted[value];
        if (must === null) return [];
        const amount = unit === 'money' ? toCurrencyUnits(must ?? 0, scale) : (must ?? 0);
        const is = seen[value] ?? 0;
        const allowed = isDistinct && amount > EXACT_UP_TO ? amount * ALLOWED_ERROR : 0;
        const matches = Math.abs(is - amount) <= allowed;
        return [{ metric: name, dimension, value, expected: amount, shown: is, matches }];
      });
    });
  });
}
