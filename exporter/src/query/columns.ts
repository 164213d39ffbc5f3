import { cellName, type PartMetric } from '@storepulse/contracts';
import type { Steps } from '../work/pacer.ts';
import { type CellSink, readCells, type WindowHead } from './read-cells.ts';

/** A dimension's values, each with a number of its own. */
export interface Dictionary {
  /** Escaped values by their number. */
  readonly fields: string[];
  numberOf(field: string): number;
}

/** Builds an empty dictionary. */
export function createDictionary(): Dictionary {
  const fields: string[] = [];
  const numbers = new Map<string, number>();
  return {
    fields,
    numberOf: (field) => {
      const known = numbers.get(field);
      if (known !== undefined) return known;
      numbers.set(field, fields.length);
      return fields.push(field) - 1;
    },
  };
}

/** A stored window's cells as columns: a tenth of the memory of objects. */
export interface WindowColumns extends WindowHead {
  /** By cell: the number of its value in the dictionary. */
  readonly values: Int32Array;
  /** By cell and part: what is stored; NaN where there is nothing, or a sketch. */
  readonly numbers: Float64Array;
  /** By cell and part: the stored sketch. Undefined when no part has any. */
  readonly sketches: readonly (Uint8Array | undefined)[] | undefined;
  /** About how much memory they take. */
  readonly bytes: number;
}

/** Memory of what is held beside the columns themselves: the head, the lists, an entry of a map. */
const WINDOW_BYTES = 400;
/** Memory of a sketch beside its bytes. */
const SKETCH_BYTES = 100;

/** Reads a document of `metrics` (BSON) to columns of some metrics of one dimension. */
export function* readColumns(
  document: Buffer,
  dimension: string,
  parts: readonly PartMetric[],
  dictionary: Dictionary,
): Steps<WindowColumns> {
  const names = parts.map((part) => Buffer.from(cellName(part)));
  const values: number[] = [];
  const numbers: number[] = [];
  let sketches: (Uint8Array | undefined)[] | undefined;
  let sketchBytes = 0;
  const sink: CellSink = {
    begin: (field) => {
      values.push(dictionary.numberOf(field));
      for (let i = 0; i < names.length; i++) numbers.push(Number.NaN);
    },
    add: (part, stored) => {
      const at = (values.length - 1) * names.length + part;
      if (typeof stored === 'number') {
        numbers[at] = stored;
        return;
      }
      sketches ??= [];
      sketches[at] = stored;
      sketchBytes += stored.length + SKETCH_BYTES;
    },
  };
  const head = yield* readCells(document, dimension, names, sink);
  return {
    ...head,
    values: Int32Array.from(values),
    numbers: Float64Array.from(numbers),
    sketches,
    bytes: WINDOW_BYTES + values.length * 4 + numbers.length * 8 + sketchBytes,
  };
}
