import {
  type Aggregator,
  escapeField,
  type FurtherDocuments,
  type MeasureState,
  type PartialDocument,
  type Stored,
  type StoredCell,
  type StoredCells,
  unescapeField,
} from '@storepulse/contracts';
import type { ClientSession, Collection } from 'mongodb';
import { through } from '../store/causal-reads.ts';
import { type Cell, emptyCell, isEmpty } from './delta.ts';
import type { GroupPlan } from './plan.ts';
import type { Size } from './size.ts';

/** One task's absolute state of one stored document: dimension → value → cell. */
export type PartialState = Map<string, Map<string, Cell>>;

/** Stored cells become states, in the slots that the group has now; metrics it has no more are left out. */
export function decodeCells(group: GroupPlan, cells: StoredCells): PartialState {
  const state: PartialState = new Map();
  for (const [dimension, values] of Object.entries(cells)) {
    const decoded = new Map<string, Cell>();
    for (const [value, stored] of Object.entries(values)) {
      const cell = emptyCell(group.metrics.length);
      for (const { field, slot, aggregator } of group.metrics) {
        if (stored[field] !== undefined) cell[slot] = aggregator.decode(stored[field]);
      }
      decoded.set(unescapeField(value), cell);
    }
    state.set(dimension, decoded);
  }
  return state;
}

/** A cell as it is stored; slots never added to are left out. */
export function encodeCell(group: GroupPlan, cell: Cell): Record<string, Stored> {
  const stored: Record<string, Stored> = {};
  for (const { field, slot, aggregator } of group.metrics) {
    const state = cell[slot]!;
    if (!isEmpty(state)) stored[field] = aggregator.encode(state);
  }
  return stored;
}

/** States as they are stored, with field names that MongoDB takes. */
export function encodeCells(group: GroupPlan, state: PartialState): StoredCells {
  const cells: Record<string, Record<string, StoredCell>> = {};
  for (const [dimension, values] of state) {
    const stored: Record<string, StoredCell> = {};
    // An escaped name is never that of an object's prototype.
    for (const [value, cell] of values) stored[escapeField(value)] = encodeCell(group, cell);
    cells[dimension] = stored;
  }
  return cells;
}

/** Adds `from` into `into`, slot by slot; `from` stays as it was. */
export function mergeCell(group: GroupPlan, into: Cell, from: Cell): void {
  for (const { slot, aggregator } of group.metrics) {
    const added = from[slot]!;
    if (isEmpty(added)) continue;
    const state = into[slot]!;
    into[slot] = isEmpty(state) ? copyOf(aggregator, added) : aggregator.merge(state, added);
  }
}

/** A cell of its own with the same states. */
export function copyCell(group: GroupPlan, from: Cell): Cell {
  const copy = from.slice();
  for (const { slot, aggregator } of group.metrics) {
    if (typeof copy[slot] !== 'number') copy[slot] = copyOf(aggregator, copy[slot]!);
  }
  return copy;
}

/** Only sketches change in place. */
const copyOf = (aggregator: Aggregator<MeasureState>, state: MeasureState): MeasureState =>
  typeof state === 'number' ? state : aggregator.merge(aggregator.zero(), state);

/** A partial in memory. */
export interface Partial {
  readonly state: PartialState;
  /** The `seq` of its stored document; undefined: there is none, so it can be inserted, which costs far less. */
  seq: number | undefined;
  /** Of the first document: how each dimension that goes on in further ones does so. */
  further: Readonly<Record<string, FurtherDocuments>>;
  /** Sizes as reckoned last, by dimension, and how often they have been used since. */
  readonly sizes: Map<string, { readonly size: Size; readonly uses: number }>;
  /** How many cells it had when it was loaded or stored last. */
  cells: number;
}

/** A task's partials: an LRU over MongoDB, of which the task is the only writer. */
export interface PartialCache {
  /** Brings those into memory that are stored and not yet here; a window never stored begins empty. */
  load(windows: ReadonlyMap<string, GroupPlan>): Promise<void>;
  /** A loaded partial. */
  get(window: string): Partial;
  /** Notes that these have been written by the commit `seq`. */
  noteStored(windows: Iterable<string>, seq: number): void;
  /** Forgets the least recently loaded beyond the bound; none may be waiting to be written. */
  trim(): void;
  readonly size: number;
}

/** Counted where the number changes: a commit must not look through all that lies in memory. */
const cellsOf = (state: PartialState): number => {
  let cells = 0;
  for (const values of state.values()) cells += values.size;
  return cells;
};

/** Windows asked for in one query. */
const LOADED_AT_ONCE = 1_000;

/**
 * Builds the cache of one task.
 * @param options.bound how many cells stay in memory between commits, some 250 bytes each: a window may have a handful or
 * thousands. @default 200,000
 * @param options.reads the claim's session for reading. @default none
 */
export function createPartialCache(
  task: string,
  collection: Collection<PartialDocument>,
  { bound = 200_000, reads }: { bound?: number; reads?: ClientSession } = {},
): PartialCache {
  const partials = new Map<string, Partial>();
  /** Of all of them. */
  let cells = 0;

  const add = (window: string, stored: Omit<Partial, 'sizes' | 'cells'>) => {
    const partial = { ...stored, sizes: new Map(), cells: cellsOf(stored.state) };
    partials.set(window, partial);
    cells += partial.cells;
  };

  return {
    load: async (windows) => {
      const missing: string[] = [];
      for (const window of windows.keys()) {
        const partial = partials.get(window);
        if (!partial) missing.push(window);
        else {
          // Insertion order is the order of use.
          partials.delete(window);
          partials.set(window, partial);
        }
      }
      for (let at = 0; at < missing.length; at += LOADED_AT_ONCE) {
        const ids = missing.slice(at, at + LOADED_AT_ONCE).map((window) => `${task}|${window}`);
        const found = collection.find(
          { _id: { $in: ids } },
          {
            projection: { window: 1, seq: 1, further: 1, cells: 1 },
            promoteBuffers: true,
            ...through(reads),
          },
        );
        for await (const { window, seq, further = {}, cells } of found) {
          add(window, { state: decodeCells(windows.get(window)!, cells), seq, further });
        }
      }
      for (const window of missing) {
        if (!partials.has(window)) add(window, { state: new Map(), seq: undefined, further: {} });
      }
    },
    get: (window) => partials.get(window)!,
    noteStored: (windows, seq) => {
      for (const window of windows) {
        const partial = partials.get(window)!;
        const before = partial.cells;
        partial.seq = seq;
        partial.cells = cellsOf(partial.state);
        cells += partial.cells - before;
      }
    },
    trim: () => {
      for (const [window, partial] of partials) {
        if (cells <= bound) break;
        partials.delete(window);
        cells -= partial.cells;
      }
    },
    get size() {
      return partials.size;
    },
  };
}
