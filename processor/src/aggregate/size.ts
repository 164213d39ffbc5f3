import { type Cell, isEmpty } from './delta.ts';
import type { GroupPlan } from './plan.ts';

/** What some cells of one dimension come to at rest, about. */
export interface Size {
  readonly values: number;
  readonly bytes: number;
  /**
   * The same without what sketches have beyond some bytes: a value whose sketch is large is one that all tasks have, so that
   * merging them makes one sketch of it and not as many as there are tasks.
   */
  readonly ownBytes: number;
}

/** Type and terminating zero of a BSON element, beside its name. */
const ELEMENT_BYTES = 2;
/** Length and end of a document, or length and subtype of binary data. */
const FRAME_BYTES = 5;
/** What counts of a sketch as a value's own: some sixteen visitors. */
const OWN_SKETCH_BYTES = 64;

/** The size of cells by value, of which no two have a value in common. */
export function sizeOf(group: GroupPlan, ...all: readonly ReadonlyMap<string, Cell>[]): Size {
  let values = 0;
  let bytes = 0;
  let ownBytes = 0;
  for (const cells of all) {
    values += cells.size;
    for (const [value, cell] of cells) {
      const frame = Buffer.byteLength(value) + ELEMENT_BYTES + FRAME_BYTES;
      bytes += frame;
      ownBytes += frame;
      for (const { field, slot, aggregator } of group.metrics) {
        const state = cell[slot]!;
        if (isEmpty(state)) continue;
        const element = field.length + ELEMENT_BYTES + FRAME_BYTES;
        const stored = aggregator.bytes(state);
        bytes += element + stored;
        ownBytes += element + Math.min(stored, OWN_SKETCH_BYTES);
      }
    }
  }
  return { values, bytes, ownBytes };
}
