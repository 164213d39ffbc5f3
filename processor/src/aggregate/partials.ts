import {
  escapeField,
  type PartialDocument,
  type Stored,
  type StoredCells,
  unescapeField,
} from '@storepulse/contracts';
import type { ClientSession, Collection } from 'mongodb';
import { through } from '../store/causal-reads.ts';
import { type Cell, emptyCell, isEmpty } from './delta.ts';
import type { GroupPlan } from './plan.ts';

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
  return Object.fromEntries(
    [...state].map(([dimension, values]) => [
      dimension,
      Object.fromEntries([...values].map(([value, cell]) => [escapeField(value), encodeCell(group, cell)])),
    ]),
  );
}

/** Adds `from` into `into`, slot by slot; `from` stays as it was. */
export function mergeCell(group: GroupPlan, into: Cell, from: Cell): void {
  for (const { slot, aggregator } of group.metrics) {
    const added = from[slot]!;
    const state = into[slot]!;
    if (!isEmpty(added)) into[slot] = aggregator.merge(isEmpty(state) ? aggregator.zero() : state, added);
  }
}

/** A task's partials: an LRU over MongoDB, of which the task is the only writer. */
export interface PartialCache {
  /** Brings those into memory that are stored and not yet here; a window never stored begins empty. */
  load(windows: ReadonlyMap<string, GroupPlan>): Promise<void>;
  /** A loaded partial. */
  get(window: string): PartialState;
  /** The `seq` of a loaded partial's stored document; undefined: there is none, so it can be inserted, which costs far less. */
  storedSeq(window: string): number | undefined;
  /** Notes that these have been written by the commit `seq`. */
  noteStored(windows: Iterable<string>, seq: number): void;
  /** Forgets the least recently loaded beyond the bound; none may be waiting to be written. */
  trim(): void;
  readonly size: number;
}

const cellsOf = (state: PartialState): number => {
  let cells = 0;
  for (const values of state.values()) cells += values.size;
  return cells;
};

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
  const states = new Map<string, PartialState>();
  const storedSeqs = new Map<string, number>();

  return {
    load: async (windows) => {
      const missing: string[] = [];
      for (const window of windows.keys()) {
        const state = states.get(window);
        if (!state) missing.push(window);
        else {
          // Insertion order is the order of use.
          states.delete(window);
          states.set(window, state);
        }
      }
      for (let at = 0; at < missing.length; at += 1_000) {
        const ids = missing.slice(at, at + 1_000).map((window) => `${task}|${window}`);
        const found = collection.find(
          { _id: { $in: ids } },
          { projection: { window: 1, seq: 1, cells: 1 }, promoteBuffers: true, ...through(reads) },
        );
        for await (const { window, seq, cells } of found) {
          states.set(window, decodeCells(windows.get(window)!, cells));
          storedSeqs.set(window, seq);
        }
      }
      for (const window of missing) {
        if (states.has(window)) continue;
        states.set(window, new Map());
        storedSeqs.delete(window);
      }
    },
    get: (window) => states.get(window)!,
    storedSeq: (window) => storedSeqs.get(window),
    noteStored: (windows, seq) => {
      for (const window of windows) storedSeqs.set(window, seq);
    },
    trim: () => {
      let cells = 0;
      for (const state of states.values()) cells += cellsOf(state);
      for (const [window, state] of states) {
        if (cells <= bound) break;
        states.delete(window);
        storedSeqs.delete(window);
        cells -= cellsOf(state);
      }
    },
    get size() {
      return states.size;
    },
  };
}
