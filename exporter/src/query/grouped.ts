import {
  aggregators,
  type MeasureKind,
  type MeasureState,
  type PartMetric,
  unescapeField,
} from '@storepulse/contracts';
import type { Allowance } from '../work/allowance.ts';
import type { Steps } from '../work/pacer.ts';
import { bucketAt, type TimeRange } from './buckets.ts';
import type { Dictionary, WindowColumns } from './columns.ts';
import { mergeAll, mergeRows, type Row, type States, zeroStates } from './fold.ts';

/** What was read, by group: rows are made when they are asked for, so that memory is that of the cells alone. */
export interface Grouped {
  /** The groups' values. */
  readonly values: readonly string[];
  /** By bucket: whether any window was found. */
  readonly covered: readonly boolean[];
  /** The states of some groups, by index, added up bucket by bucket. */
  row(groups: readonly number[]): Steps<Row>;
  /** The states of a group over all buckets. */
  total(group: number): Steps<States>;
}

/** Windows whose values have their numbers from one dictionary. */
export interface WindowSet {
  readonly dictionary: Dictionary;
  readonly windows: readonly WindowColumns[];
}

/** How cells are sorted into groups. */
export interface Sorting {
  /** The slot of a window, by its start in epoch ms; undefined leaves it out. @default one slot, '', for all */
  slotOf?(start: number): string | undefined;
  /** The group of a dimension's value in a window of a slot; undefined leaves it out. */
  groupOf(value: string, slot: string): string | undefined;
}

/** Cells between two places to rest. */
const CELLS_PER_STEP = 512;
/** Values that a filter looks at between two places to rest: a pattern may take a millisecond for one. */
const VALUES_PER_STEP = 8;
/** Memory of a cell beside its measures: bucket, group, place. */
const CELL_BYTES = 12;

/**
 * Sorts cells of windows by group.
 * @param hold told of the memory that it takes
 */
export function* groupCells(
  sets: readonly WindowSet[],
  parts: readonly PartMetric[],
  buckets: readonly TimeRange[],
  { slotOf = () => '', groupOf }: Sorting,
  hold: Allowance['hold'],
): Steps<Grouped> {
  const width = parts.length;
  const most = sets.flatMap(({ windows }) => windows).reduce((sum, { values }) => sum + values.length, 0);
  hold(most * (CELL_BYTES + width * 8));
  const covered = buckets.map(() => false);
  const groupIndex = new Map<string, number>();
  const cellBucket = new Int32Array(most);
  const cellGroup = new Int32Array(most);
  const numbers = new Float64Array(most * width);
  const sketches: (Uint8Array | undefined)[] = [];
  const plain = plainMerges(parts);
  const totals: number[] = [];
  let cells = 0;
  let since = 0;
  let looked = 0;
  for (const { dictionary, windows } of sets) {
    const groupsBySlot = new Map<string, Int32Array>();
    for (const window of windows) {
      // A table's only bucket is its range, and windows at its edges may begin before it.
      const bucket = buckets.length === 1 ? 0 : bucketAt(buckets, window.start);
      if (bucket < 0) continue;
      covered[bucket] = true;
      const slot = slotOf(window.start);
      if (slot === undefined) continue;
      let groupOfValue = groupsBySlot.get(slot);
      if (groupOfValue === undefined) {
        hold(dictionary.fields.length * 4);
        // −2: not looked at yet. −1: left out.
        groupOfValue = new Int32Array(dictionary.fields.length).fill(-2);
        groupsBySlot.set(slot, groupOfValue);
      }
      for (let i = 0; i < window.values.length; i++) {
        if (++since % CELLS_PER_STEP === 0) yield;
        const value = window.values[i]!;
        let group = groupOfValue[value]!;
        if (group === -2) {
          group = indexOf(groupIndex, groupOf(unescapeField(dictionary.fields[value]!), slot));
          groupOfValue[value] = group;
          if (++looked % VALUES_PER_STEP === 0) yield;
        }
        if (group < 0) continue;
        cellBucket[cells] = bucket;
        cellGroup[cells] = group;
        for (let part = 0; part < width; part++) {
          const number = window.numbers[i * width + part]!;
          numbers[cells * width + part] = number;
          if (plain) {
            const at = group * width + part;
            totals[at] = plain[part]!(totals[at] ?? Number.NaN, number);
            continue;
          }
          const sketch = window.sketches?.[i * width + part];
          if (sketch) sketches[cells * width + part] = sketch;
        }
        cells++;
      }
      if (++since % CELLS_PER_STEP === 0) yield;
    }
  }
  const { ends, order } = yield* sortByGroup(cellGroup.subarray(0, cells), groupIndex.size);

  const addCell = (states: MeasureState[], cell: number): void => {
    for (let i = 0; i < width; i++) {
      const stored = sketches[cell * width + i] ?? numbers[cell * width + i]!;
      if (Number.isNaN(stored)) continue;
      const { merge, decode } = aggregators[parts[i]!.measure];
      states[i] = merge(states[i]!, decode(stored));
    }
  };
  const statesOf = (sums: ArrayLike<number>, at: number): MeasureState[] =>
    parts.map(({ measure }, i) => {
      const number = sums[at * width + i] ?? Number.NaN;
      return Number.isNaN(number) ? aggregators[measure].zero() : aggregators[measure].decode(number);
    });
  const cellsOf = (group: number) => ({ from: group === 0 ? 0 : ends[group - 1]!, to: ends[group]! });
  /** The same without an object for each cell: a row of all that is left over has most of the cells. */
  function* plainRow(groups: readonly number[], merges: readonly PlainMerge[]): Steps<Row> {
    const sums = new Float64Array(buckets.length * width).fill(Number.NaN);
    const isMet = new Uint8Array(buckets.length);
    let read = 0;
    for (const group of groups) {
      const { from, to } = cellsOf(group);
      for (let i = from; i < to; i++) {
        const cell = order[i]!;
        const bucket = cellBucket[cell]!;
        isMet[bucket] = 1;
        for (let part = 0; part < width; part++) {
          const at = bucket * width + part;
          sums[at] = merges[part]!(sums[at]!, numbers[cell * width + part]!);
        }
        if (++read % CELLS_PER_STEP === 0) yield;
      }
    }
    return buckets.map((_, bucket) => (isMet[bucket] ? statesOf(sums, bucket) : undefined));
  }

  return {
    values: [...groupIndex.keys()],
    covered,
    row: function* (groups) {
      if (plain) return yield* plainRow(groups, plain);
      const row = buckets.map((): MeasureState[] | undefined => undefined);
      let read = 0;
      for (const group of groups) {
        const { from, to } = cellsOf(group);
        for (let at = from; at < to; at++) {
          const cell = order[at]!;
          const bucket = cellBucket[cell]!;
          const states = row[bucket] ?? zeroStates(parts);
          row[bucket] = states;
          addCell(states, cell);
          if (++read % CELLS_PER_REST === 0) yield;
        }
      }
      return row;
    },
    total: function* (group) {
      if (plain) return statesOf(totals, group);
      const states = zeroStates(parts);
      const { from, to } = cellsOf(group);
      for (let at = from; at < to; at++) {
        addCell(states, order[at]!);
        if ((at - from) % CELLS_PER_REST === CELLS_PER_REST - 1) yield;
      }
      return states;
    },
  };
}

/** Merges two stored numbers; NaN: there is none. */
type PlainMerge = (into: number, from: number) => number;
const ADD: PlainMerge = (into, from) => (Number.isNaN(from) ? into : Number.isNaN(into) ? from : into + from);
const LEAST: PlainMerge = (into, from) => (from < into || Number.isNaN(into) ? from : into);
const GREATEST: PlainMerge = (into, from) => (from > into || Number.isNaN(into) ? from : into);
const PLAIN: Partial<Record<MeasureKind, PlainMerge>> = { count: ADD, sum: ADD, min: LEAST, max: GREATEST };

/** How numbers of each part merge; undefined when a part is a sketch. */
function plainMerges(parts: readonly PartMetric[]): readonly PlainMerge[] | undefined {
  const merges = parts.flatMap(({ measure }) => PLAIN[measure] ?? []);
  return merges.length === parts.length ? merges : undefined;
}

/** Cells that are added up between two places to rest: a sketch takes some tens of microseconds. */
const CELLS_PER_REST = 32;

function indexOf(groups: Map<string, number>, group: string | undefined): number {
  if (group === undefined) return -1;
  const known = groups.get(group);
  if (known !== undefined) return known;
  groups.set(group, groups.size);
  return groups.size - 1;
}

/** The places of cells in the order of their groups, and where the places of each group end. */
function* sortByGroup(
  groupOfCell: Int32Array,
  groups: number,
): Steps<{ ends: Int32Array; order: Int32Array }> {
  const next = new Int32Array(groups + 1);
  for (let cell = 0; cell < groupOfCell.length; cell++) next[groupOfCell[cell]! + 1]!++;
  yield;
  for (let group = 0; group < groups; group++) next[group + 1]! += next[group]!;
  const order = new Int32Array(groupOfCell.length);
  for (let cell = 0; cell < groupOfCell.length; cell++) {
    order[next[groupOfCell[cell]!]!++] = cell;
    if (cell % 65_536 === 65_535) yield;
  }
  // Each group's next place is now where it ends.
  return { ends: next, order };
}

/** Sums over facts by group: where all of a bucket's are zero, nothing is known to have happened. */
export function groupedFacts(
  sums: ReadonlyMap<string, number[][]>,
  covered: readonly boolean[],
  parts: readonly PartMetric[],
): Grouped {
  const rows = [...sums].map(
    ([group, row]) =>
      [group, row.map((states) => (states.some((sum) => sum !== 0) ? states : undefined))] as const,
  );
  return groupedRows(new Map(rows), covered, parts);
}

/** Rows that are made already, such as those over facts. */
export function groupedRows(
  rows: ReadonlyMap<string, Row>,
  covered: readonly boolean[],
  parts: readonly PartMetric[],
): Grouped {
  const all = [...rows.values()];
  return {
    values: [...rows.keys()],
    covered,
    row: function* (groups) {
      let row: Row = [];
      for (const group of groups) {
        row = row.length === 0 ? all[group]! : mergeRows(parts, [row, all[group]!]);
        yield;
      }
      return row;
    },
    total: function* (group) {
      return mergeAll(
        parts,
        all[group]!.filter((states) => states !== undefined),
      );
    },
  };
}
