/** Names a cell of a day, in the order of `CellName`; a value may hold a `|` itself. */
export interface CellName {
  readonly shop: string;
  /** `YYYY-MM-DD`, in the shop's calendar. */
  readonly day: string;
  /** Name in the catalogue. */
  readonly metric: string;
  /** Name in the catalogue, or `total`. */
  readonly dimension: string;
  /** The dimension's value; `all` of `total`. */
  readonly value: string;
}

/** What a cell holds: one number in minor units, or the two values between which a quantile lies. */
export type CellFigure = number | { readonly low: number; readonly high: number };

/** Cells by `cellKey`. */
export type Cells = Map<string, CellFigure>;

/** The key of a cell among those of its shop. */
export const cellKey = ({ day, metric, dimension, value }: Omit<CellName, 'shop'>): string =>
  `${day}|${metric}|${dimension}|${value}`;

/** Reads a cell's key. */
export function parseCellKey(key: string): Omit<CellName, 'shop'> {
  const [day = '', metric = '', dimension = '', ...value] = key.split('|');
  return { day, metric, dimension, value: value.join('|') };
}
