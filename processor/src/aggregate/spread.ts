import { bucketAt, canSpread, MAX_LEVEL, partOf, type WindowRef, windowId } from '@storepulse/contracts';
import { getOrCreate } from '../get-or-create.ts';
import type { Cell } from './delta.ts';
import type { Addition, TouchedWindow } from './fold.ts';
import type { PartialCache, PartialState } from './partials.ts';
import type { GroupPlan } from './plan.ts';
import { type Size, sizeOf } from './size.ts';

/** What all tasks together may put into one document: half a megabyte, since sizes are reckoned. */
const MERGED_BYTES = 500_000;
/** What a dimension has of the first document of one task: totals change with every event, and are merged with it. */
const FIRST_BYTES = 20_000;
/** What cells may come to in a further document of one task, their sketches whole. */
const MOST_BYTES = 128_000;
/** So often a size is used before it is reckoned anew: sketches of present values grow meanwhile. */
const RECKONED_USES = 16;
/** So few values need no further document. */
const FEW_VALUES = 4;
/** It is not worth looking whether more have few values. */
const FEW_ADDITIONS = 64;

/** Told, of each lifetime window whose dimension goes on in further documents, how many cells a task has of it. */
export type NoteSpread = (ref: WindowRef, dimension: string, cells: number) => void;

/** What is added to one dimension of a part of a window, which goes on in further documents. */
interface Growing {
  /** The first document's id. */
  readonly first: string;
  readonly part: TouchedWindow;
  readonly dimension: string;
  readonly level: number;
  /** Cells of the dimension in all documents so far. */
  readonly cells: number;
  readonly additions: readonly Addition[];
}

/**
 * Brings the documents into memory that a commit's additions go to. A dimension of a window begins in the window's first
 * document. Where its cells are too many for a document, it goes on in further ones, at the next level of which there are
 * four times as many: additions go there from then on, and what is stored stays where it is. The document is found by the
 * value and the level alone. Totals and closed lists stay in the first document.
 * @param parts what is added, by the id of the first document
 * @param tasks how many may have a share of a window
 * @returns what is added, by document
 */
export async function spread(
  parts: ReadonlyMap<string, TouchedWindow>,
  partials: PartialCache,
  tasks: number,
  note: NoteSpread = () => undefined,
): Promise<Map<string, TouchedWindow>> {
  await partials.load(groupsOf(parts));
  const settled = new Map<string, TouchedWindow>();
  let growing: Growing[] = [];
  for (const [first, part] of parts) {
    const { state, further } = partials.get(first);
    if (Object.keys(further).length === 0 && isSmall(state, part)) {
      settled.set(first, part);
      continue;
    }
    const most = Math.min(FIRST_BYTES, MERGED_BYTES / tasks / Math.max(1, spreadableIn(part)));
    const stays: Addition[] = [];
    for (const [dimension, additions] of byDimension(part.additions)) {
      const its = further[dimension];
      const { spec } = additions[0]!;
      const before = its ?? { level: 1, cells: state.get(dimension)?.size ?? 0 };
      if (its) growing.push({ first, part, dimension, additions, ...before });
      else if (spec && canSpread(spec) && isFull(sizeWith(partials, first, part.group, additions), most))
        growing.push({ first, part, dimension, additions, ...before });
      else for (const addition of additions) stays.push(addition);
    }
    if (stays.length > 0) settled.set(first, { ...part, additions: stays });
  }
  const most = MERGED_BYTES / tasks;
  while (growing.length > 0) {
    const tried = growing.map((entry) => ({ ...entry, documents: documentsOf(entry) }));
    await partials.load(groupsOf(new Map(tried.flatMap(({ documents }) => [...documents]))));
    growing = [];
    for (const { documents, ...entry } of tried) {
      const { first, part, dimension, level } = entry;
      const sizes = [...documents].map(([id, { additions }]) =>
        sizeWith(partials, id, part.group, additions),
      );
      if (level < MAX_LEVEL && sizes.some((size) => isFull(size, most))) {
        growing.push({ ...entry, level: level + 1 });
        continue;
      }
      const fresh = sizes.reduce((sum, size) => sum + size.fresh, 0);
      const its = { level, cells: entry.cells + fresh };
      const head = partials.get(first);
      if (fresh > 0 || head.further[dimension]?.level !== level) {
        head.further = { ...head.further, [dimension]: its };
        // Written also where nothing is added to it: it tells the level.
        if (!settled.has(first)) settled.set(first, { ...part, additions: [] });
      }
      for (const [id, document] of documents) settled.set(id, document);
      if (part.ref.resolution === 'all') note(part.ref, dimension, its.cells);
    }
  }
  return settled;
}

const groupsOf = (windows: ReadonlyMap<string, TouchedWindow>): Map<string, GroupPlan> =>
  new Map([...windows].map(([window, { group }]) => [window, group]));

/** How many dimensions share a part of a window and may outgrow it. */
const spreadableIn = ({ ref, group }: TouchedWindow): number =>
  group.dimensions.filter(({ spec }) => spec && canSpread(spec) && partOf(spec) === ref.part).length;

function byDimension(additions: readonly Addition[]): Map<string, Addition[]> {
  const dimensions = new Map<string, Addition[]>();
  for (const addition of additions) getOrCreate(dimensions, addition.dimension, () => []).push(addition);
  return dimensions;
}

function documentsOf({ part, dimension, level, additions }: Growing): Map<string, TouchedWindow> {
  const byBucket = new Map<number, Addition[]>();
  for (const addition of additions)
    getOrCreate(byBucket, bucketAt(level, addition.value), () => []).push(addition);
  return new Map(
    [...byBucket].map(([bucket, added]) => {
      const ref = { ...part.ref, part: dimension, bucket };
      return [windowId(ref), { ...part, ref, additions: added }];
    }),
  );
}

/** Whether no dimension of it can be full: most windows of a small shop are so. */
function isSmall(state: PartialState, { additions }: TouchedWindow): boolean {
  if (additions.length > FEW_ADDITIONS) return false;
  const values = new Map<string, number>();
  for (const { dimension } of additions)
    values.set(dimension, (values.get(dimension) ?? state.get(dimension)?.size ?? 0) + 1);
  for (const known of values.values()) if (known > FEW_VALUES) return false;
  return true;
}

interface SizeWith extends Size {
  /** Values that are not in the document yet. */
  readonly fresh: number;
}

/** The size of a dimension in a document once its additions are in it; those to present values are not reckoned. */
function sizeWith(
  partials: PartialCache,
  window: string,
  group: GroupPlan,
  additions: readonly Addition[],
): SizeWith {
  const { state, sizes } = partials.get(window);
  const { dimension } = additions[0]!;
  const present = state.get(dimension) ?? new Map<string, Cell>();
  const fresh = new Map<string, Cell>();
  for (const { value, cell } of additions) if (!present.has(value)) fresh.set(value, cell);
  const known = sizes.get(dimension);
  const isKnown = known?.size.values === present.size && known.uses < RECKONED_USES;
  const before = isKnown ? known.size : sizeOf(group, present);
  const added = sizeOf(group, fresh);
  const size = {
    values: before.values + added.values,
    bytes: before.bytes + added.bytes,
    ownBytes: before.ownBytes + added.ownBytes,
  };
  sizes.set(dimension, { size, uses: isKnown ? known.uses + 1 : 0 });
  return { ...size, fresh: fresh.size };
}

const isFull = ({ values, bytes, ownBytes }: Size, most: number): boolean =>
  values > FEW_VALUES && (bytes > MOST_BYTES || ownBytes > most);
