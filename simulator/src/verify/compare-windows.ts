import type { Resolution, StoredMetric } from '@storepulse/contracts';
import type { Tally } from '../ledger/book.ts';
import { cellsOf } from '../ledger/cells.ts';
import { compareCell, type Judgement, type Verdict } from './compare-cell.ts';
import { cellKey, parseCellKey, type ShownCells } from './figures.ts';
import type { ExpectedCells, ShopOfFigures, Surface, SurfaceName } from './surfaces/surface.ts';
import type { TrueWindow } from './truth.ts';

/** A cell that shows something else than it must. */
export interface Difference {
  readonly surface: SurfaceName;
  readonly shop: string;
  readonly metric: string;
  readonly dimension: string;
  readonly value: string;
  readonly resolution: Resolution;
  /** Name of the window: its beginning, a day's date, or `all`. */
  readonly window: string;
  /** Where a cell has more than one number: which. */
  readonly part?: string;
  readonly expected: number | null;
  readonly shown: number | null;
}

/** How many cells of a surface were compared. */
export interface SurfaceSummary {
  cells: number;
  different: number;
  /** Cells of visits that may have ended while they were compared: known to a range only. */
  undecided: number;
}

/** Takes what is found. */
export interface Findings {
  readonly summaries: ReadonlyMap<SurfaceName, SurfaceSummary>;
  /** The first of them; the summaries count all. */
  readonly differences: readonly Difference[];
  note(surface: SurfaceName, undecided: boolean): void;
  noteDifference(difference: Difference): void;
}

/** Differences that are kept: someone who has more than that has another question than which cells they are. */
const KEPT_DIFFERENCES = 1_000;

/** Findings of nothing yet, over some surfaces. */
export function createFindings(surfaces: readonly SurfaceName[]): Findings {
  const summaries = new Map(surfaces.map((name) => [name, { cells: 0, different: 0, undecided: 0 }]));
  const differences: Difference[] = [];
  return {
    summaries,
    differences,
    note: (surface, undecided) => {
      const summary = summaries.get(surface)!;
      summary.cells += 1;
      if (undecided) summary.undecided += 1;
    },
    noteDifference: (difference) => {
      summaries.get(difference.surface)!.different += 1;
      if (differences.length < KEPT_DIFFERENCES) differences.push(difference);
    },
  };
}

/** What is compared, and by what. */
export interface Comparison {
  readonly metrics: ReadonlyMap<string, StoredMetric>;
  readonly judgement: Judgement;
  readonly findings: Findings;
}

/**
 * Compares all windows of a span on one surface with what must be in them: cells that only one side has are
 * compared with nothing.
 * @param expected by the windows' names
 */
export function compareWindows(
  surface: Surface,
  shop: ShopOfFigures,
  resolution: Resolution,
  expected: ReadonlyMap<string, { start: number; cells: ExpectedCells }>,
  shown: ReadonlyMap<string, ShownCells>,
  comparison: Comparison,
): void {
  for (const window of new Set([...expected.keys(), ...shown.keys()])) {
    const must = expected.get(window);
    if (must && surface.isAhead?.(must.start)) continue;
    const is = shown.get(window) ?? new Map();
    const cells = must?.cells ?? new Map();
    compareWindow(
      surface,
      { shop, resolution, window },
      surface.summarise?.(cells, is) ?? cells,
      is,
      comparison,
    );
  }
}

interface Place {
  readonly shop: ShopOfFigures;
  readonly resolution: Resolution;
  readonly window: string;
}

function compareWindow(
  surface: Surface,
  { shop, resolution, window }: Place,
  expected: ExpectedCells,
  shown: ShownCells,
  { metrics, judgement, findings }: Comparison,
): void {
  const compareKey = (key: string) => {
    const { metric: name, dimension, value } = parseCellKey(key);
    const metric = metrics.get(name);
    if (!metric || !(dimension === 'total' || metric.dimensions.includes(dimension))) return;
    if (!surface.shows(metric, dimension)) return;
    const tally = expected.get(key);
    const figure = shown.get(key);
    const verdict = inUnits(surface, metric, shop, tally, figure, judgement);
    findings.note(surface.name, verdict.undecided ?? false);
    if (verdict.matches) return;
    const { part, expected: must, shown: is } = verdict;
    findings.noteDifference({
      surface: surface.name,
      shop: shop.shop,
      metric: name,
      dimension,
      value,
      resolution,
      window,
      ...(part === undefined ? {} : { part }),
      expected: must,
      shown: is,
    });
  };
  for (const key of expected.keys()) compareKey(key);
  for (const key of shown.keys()) if (!expected.has(key)) compareKey(key);
}

/** Compares in the unit that the surface shows. */
function inUnits(
  surface: Surface,
  metric: StoredMetric,
  shop: ShopOfFigures,
  tally: ReturnType<ExpectedCells['get']>,
  figure: ReturnType<ShownCells['get']>,
  judgement: Judgement,
): Verdict {
  const convert = (value: number) => surface.toShown(metric, value, shop);
  const expected = tally === undefined ? undefined : convertTally(metric, tally, convert);
  return compareCell(metric, expected, figure, judgement);
}

/** What must be, in the unit that is shown. */
function convertTally({ measure }: StoredMetric, tally: Tally, convert: (value: number) => number): Tally {
  if (typeof tally === 'number') return convert(tally);
  if (tally instanceof Set) return tally;
  if (!(tally instanceof Map)) return { ...tally, value: convert(tally.value) };
  // Of visits, a sum is kept as amounts by the time of a visit's latest event.
  const isByTime = measure === 'count' || measure === 'sum';
  const entries = [...tally].map(([value, times]): [number, number] =>
    isByTime ? [value, convert(times)] : [convert(value), times],
  );
  return new Map(entries);
}

/** The cells of a window by `cellKey`. */
export function expectedCells({ book }: TrueWindow): ExpectedCells {
  const flat: ExpectedCells = new Map();
  for (const [metric, byDimension] of cellsOf(book)) {
    for (const [dimension, values] of byDimension) {
      for (const [value, tally] of values) flat.set(cellKey(metric, dimension, value), tally);
    }
  }
  return flat;
}
