import {
  aggregators,
  cellName,
  type MeasureState,
  type PartMetric,
  type StoredCell,
  unescapeField,
} from '@storepulse/contracts';
import { bucketAt, type TimeRange } from './buckets.ts';

/** One stored window, as far as a query reads it. */
export interface StoredWindow {
  /** First instant, epoch ms; 0 for the lifetime. */
  readonly start: number;
  /** Cells of one dimension by escaped value. */
  readonly cells: Readonly<Record<string, StoredCell>>;
}

/** States of a metric's parts, in the order of the parts. */
export type States = readonly MeasureState[];
/** States by bucket; undefined where a group has no cell. */
export type Row = readonly (States | undefined)[];

/** Windows added up. */
export interface Folded {
  /** A row per group. */
  readonly rows: ReadonlyMap<string, Row>;
  /** By bucket: whether any window was found. */
  readonly covered: readonly boolean[];
}

/** Neutral states of a metric's parts. */
export function zeroStates(parts: readonly PartMetric[]): MeasureState[] {
  return parts.map((part) => aggregators[part.measure].zero());
}

/** Merges `from` into `into`, which may be changed; `from` never is. */
export function mergeStates(
  parts: readonly PartMetric[],
  into: MeasureState[],
  from: States,
): MeasureState[] {
  parts.forEach((part, i) => {
    into[i] = aggregators[part.measure].merge(into[i]!, from[i]!);
  });
  return into;
}

/** Adds rows up bucket by bucket into a new one. */
export function mergeRows(parts: readonly PartMetric[], rows: readonly Row[]): Row {
  const length = rows[0]?.length ?? 0;
  return Array.from({ length }, (_, bucket) => {
    const present = rows.map((row) => row[bucket]).filter((states) => states !== undefined);
    return present.length === 0 ? undefined : mergeAll(parts, present);
  });
}

/** Adds states up into new ones. */
export function mergeAll(parts: readonly PartMetric[], all: readonly States[]): MeasureState[] {
  return all.reduce<MeasureState[]>((into, from) => mergeStates(parts, into, from), zeroStates(parts));
}

/**
 * Adds stored windows up by bucket and group.
 * @param groupOf the group of a dimension's value; undefined leaves it out
 */
export function foldWindows(
  windows: readonly StoredWindow[],
  parts: readonly PartMetric[],
  buckets: readonly TimeRange[],
  groupOf: (value: string) => string | undefined,
): Folded {
  const rows = new Map<string, (MeasureState[] | undefined)[]>();
  const covered = buckets.map(() => false);
  const groupOfField = remember((field) => groupOf(unescapeField(field)));

  for (const window of windows) {
    // A table's only bucket is its range, and windows at its edges may begin before it.
    const bucket = buckets.length === 1 ? 0 : bucketAt(buckets, window.start);
    if (bucket < 0) continue;
    covered[bucket] = true;
    for (const [field, cell] of Object.entries(window.cells)) {
      const group = groupOfField(field);
      if (group === undefined) continue;
      const row = rows.get(group) ?? buckets.map(() => undefined);
      row[bucket] = addCell(row[bucket] ?? zeroStates(parts), cell, parts);
      rows.set(group, row);
    }
  }
  return { rows, covered };
}

function addCell(states: MeasureState[], cell: StoredCell, parts: readonly PartMetric[]): MeasureState[] {
  parts.forEach((part, i) => {
    const stored = cell[cellName(part)];
    if (stored === undefined) return;
    const { merge, decode } = aggregators[part.measure];
    states[i] = merge(states[i]!, decode(stored));
  });
  return states;
}

function remember<T>(compute: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    if (!known.has(key)) known.set(key, compute(key));
    return known.get(key) as T;
  };
}
