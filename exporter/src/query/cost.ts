import { type DimensionSpec, type Resolution, TOTAL_DIMENSION } from '@storepulse/contracts';
import { NOMINAL_LENGTH } from './intervals.ts';
import type { Tile } from './tiles.ts';

/** What reading and adding up a window costs, by how many cells it has: a total is one. */
const WEIGHTS = { total: 1, narrow: 4, wide: 20 } as const;
/** Documents that a window of a wide dimension commonly has; others have one. */
const WIDE_DOCUMENTS: Partial<Record<Resolution, number>> = { '1d': 4, all: 32 };
/** What a query over facts costs that are kept, and over those that must be read first. */
const FACTS = { kept: 500, unread: 20_000 } as const;

/**
 * About what a query costs, in windows with a single cell: known before anything is read, so that small queries need
 * not wait for large ones. It is the most that the range can hold; what is there is known later.
 * @param groups metric groups that are read
 */
export function costOfWindows(
  tiles: readonly Tile[],
  groups: number,
  dimension: DimensionSpec | undefined,
): number {
  const windows = tiles.reduce((sum, { resolution, from, to }) => {
    const documents = (dimension?.wide && WIDE_DOCUMENTS[resolution]) || 1;
    const length = resolution === 'all' ? to - from : NOMINAL_LENGTH[resolution];
    return sum + Math.ceil((to - from) / length) * documents;
  }, 0);
  return windows * groups * weightOf(dimension);
}

function weightOf(dimension: DimensionSpec | undefined): number {
  if (!dimension || dimension.name === TOTAL_DIMENSION) return WEIGHTS.total;
  return dimension.wide ? WEIGHTS.wide : WEIGHTS.narrow;
}

/** The same of a query over facts. */
export function costOfFacts(areKept: boolean): number {
  return areKept ? FACTS.kept : FACTS.unread;
}

/** What reading and adding up a visit costs: as much as a window with a single cell. */
export function costOfVisits(visits: number): number {
  return visits;
}

/** What adding up rows of the lake costs: DuckDB's threads do it, for a few queries at a time. */
export const COST_OF_ROWS = 5_000;
