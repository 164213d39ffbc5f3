import {
  type Catalog,
  DISTINCT_EXACT_LIMIT,
  DISTINCT_STANDARD_ERROR,
  DISTRIBUTION_RELATIVE_ERROR,
} from '@storepulse/contracts';
import { type CellFigure, type CellName, type Cells, parseCellKey } from './cells.ts';

/** A cell that is not the same everywhere. */
export interface Difference extends CellName {
  readonly expected: CellFigure | undefined;
  readonly expectedBy: 'ledger' | 'stream';
  readonly shown: CellFigure | undefined;
  readonly shownBy: 'warehouse' | 'stream';
}

/** What a comparison has found. */
export interface Comparison {
  /** Cells that were compared. */
  readonly cells: number;
  /** Cells of visits that had not ended for all: they can't be told yet. */
  readonly undecided: number;
  readonly differences: readonly Difference[];
}

/** What is told of a shop's days, in minor units. */
export interface Told {
  readonly shop: string;
  readonly stream: Cells;
  readonly warehouse: Cells;
  /** Of stored metrics and quantiles, not of metrics over facts. Undefined: nobody knows what must be. */
  readonly ledger: Cells | undefined;
  /** Days on which visits began that had not ended for all. */
  readonly undecidedDays: ReadonlySet<string>;
}

/** Metrics that are judged of a visit once it has ended. */
const JUDGED: ReadonlySet<string> = new Set([
  'settled_sessions',
  'bounced_sessions',
  'settled_carts',
  'abandoned_carts',
  'settled_checkouts',
  'abandoned_checkouts',
]);
/** Of thousands of estimates some lie three standard errors off; five is what one in two million exceeds. */
const STANDARD_ERRORS = 5;
/** Room for the last bits of floating point. */
const ROUNDING = 1e-9;
const OTHER = 'other';

/**
 * Compares cell by cell: counts, sums, least, greatest and last must be equal; the stream's estimates of distinct ids and
 * of quantiles may be off by their declared error. What the stream tells under `other`, since a day has more values than
 * an answer, is compared with the sum of what it does not tell.
 */
export function compare(
  catalog: Catalog,
  { shop, stream, warehouse, ledger, undecidedDays }: Told,
): Comparison {
  const isAdded = (metric: string) => addsUp(catalog, metric);
  const exact = folded(warehouse, stream, isAdded);
  const known = ledger && folded(ledger, stream, isAdded);
  const differences: Difference[] = [];
  let cells = 0;
  let undecided = 0;
  for (const key of new Set([...exact.keys(), ...stream.keys(), ...(known?.keys() ?? [])])) {
    const name = parseCellKey(key);
    if (JUDGED.has(name.metric) && undecidedDays.has(name.day)) {
      undecided += 1;
      continue;
    }
    cells += 1;
    const isShown = { shop, ...name, shown: exact.get(key), shownBy: 'warehouse' } as const;
    const truth = catalog.metrics.get(name.metric)?.kind === 'fact' ? undefined : known;
    const must = truth?.get(key);
    if (truth && !same(must, isShown.shown))
      differences.push({ ...isShown, expected: must, expectedBy: 'ledger' });
    if (near(catalog, name.metric, truth ? must : isShown.shown, stream.get(key))) continue;
    if (truth)
      differences.push({
        ...isShown,
        expected: must,
        expectedBy: 'ledger',
        shown: stream.get(key),
        shownBy: 'stream',
      });
    else differences.push({ ...isShown, expected: stream.get(key), expectedBy: 'stream' });
  }
  return { cells, undecided, differences };
}

/** Whether values of a metric's groups can be added up. */
function addsUp(catalog: Catalog, name: string): boolean {
  const metric = catalog.metrics.get(name);
  return metric?.kind === 'stored' && (metric.measure === 'count' || metric.measure === 'sum');
}

/** The cells with those of values that the stream does not name added to `other`, where it tells one. */
function folded(cells: Cells, stream: Cells, isAdded: (metric: string) => boolean): Cells {
  const result: Cells = new Map();
  for (const [key, figure] of cells) {
    const { day, metric, dimension } = parseCellKey(key);
    const other = `${day}|${metric}|${dimension}|${OTHER}`;
    const isNamed = stream.has(key) || !stream.has(other) || typeof figure !== 'number' || !isAdded(metric);
    if (isNamed) result.set(key, sum(result.get(key), figure));
    else result.set(other, sum(result.get(other), figure));
  }
  return result;
}

const sum = (a: CellFigure | undefined, b: CellFigure): CellFigure =>
  typeof a === 'number' && typeof b === 'number' ? a + b : b;

function same(a: CellFigure | undefined, b: CellFigure | undefined): boolean {
  if (typeof a === 'object' && typeof b === 'object') return a.low === b.low && a.high === b.high;
  return (a ?? 0) === (b ?? 0);
}

/** Whether the stream's figure is the exact one, or as near as it declares. */
function near(
  catalog: Catalog,
  name: string,
  must: CellFigure | undefined,
  shown: CellFigure | undefined,
): boolean {
  if (typeof must === 'object') {
    const value = (shown as number | undefined) ?? 0;
    const error = DISTRIBUTION_RELATIVE_ERROR + ROUNDING;
    return value >= must.low * (1 - error) && value <= must.high * (1 + error);
  }
  const [expected, figure] = [must ?? 0, (shown as number | undefined) ?? 0];
  const metric = catalog.metrics.get(name);
  const isEstimate =
    metric?.kind === 'stored' && metric.measure === 'distinct' && expected > DISTINCT_EXACT_LIMIT;
  return (
    Math.abs(figure - expected) <= (isEstimate ? expected * STANDARD_ERRORS * DISTINCT_STANDARD_ERROR : 0)
  );
}
