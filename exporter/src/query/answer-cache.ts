import type { Frame } from '@storepulse/contracts';
import { createKept } from '../work/kept.ts';

/** How much was counted, by window id. */
type Counted = ReadonlyMap<string, number>;

/** Keeps answers that are functions of what was counted of their windows, and of their key. */
export interface AnswerCache<T> {
  /** The answer that is kept under a key, if it is of just what is counted now. */
  find(key: string, counted: Counted): T | undefined;
  /**
   * Keeps an answer whose windows were stored as they were counted.
   * @param frames those of the answer: most of its memory
   */
  keep(key: string, counted: Counted, answer: T, frames: readonly Frame[]): void;
  /** A list of plain values as JSON: of a kept answer's it is written once. */
  textOf(list: readonly unknown[]): string;
  /** Memory that is kept, bytes. */
  bytes(): number;
}

/** Memory of a window that an answer is of: its id, and an entry of a map. */
const WINDOW_BYTES = 150;
/** Memory of a value of a frame: itself, and its text. */
const VALUE_BYTES = 40;

/** Builds it. @param maxBytes memory that it may keep */
export function createAnswerCache<T>(maxBytes: number): AnswerCache<T> {
  const kept = createKept<{ readonly counted: Counted; readonly answer: T }>(maxBytes);
  /** Texts of lists of kept answers; empty: not written yet. */
  const texts = new WeakMap<readonly unknown[], string>();
  return {
    bytes: kept.bytes,
    find: (key, counted) => {
      const found = kept.get(key);
      return found && isSame(found.counted, counted) ? found.answer : undefined;
    },
    keep: (key, counted, answer, frames) => {
      const lists = frames.flatMap(listsOf);
      const values = lists.reduce((sum, { length }) => sum + length, 0);
      const bytes = counted.size * WINDOW_BYTES + values * VALUE_BYTES;
      if (bytes > maxBytes) return;
      for (const list of lists) texts.set(list, '');
      kept.keep(key, { counted, answer }, bytes);
    },
    textOf: (list) => {
      const known = texts.get(list);
      if (known) return known;
      const text = JSON.stringify(list);
      if (known === '') texts.set(list, text);
      return text;
    },
  };
}

/** The lists of values of a frame, and of its ratios' sides. */
function listsOf({ fields, meta }: Frame): (readonly unknown[])[] {
  const { numerator = [], denominator = [] } = (meta?.custom ?? {}) as Record<string, unknown[]>;
  const sides = [numerator, denominator].flatMap((side) =>
    Array.isArray(side[0]) ? (side as unknown[][]) : [side],
  );
  return [...fields.map(({ values }) => values), ...sides];
}

function isSame(counted: Counted, now: Counted): boolean {
  if (counted.size !== now.size) return false;
  for (const [id, version] of now) if (counted.get(id) !== version) return false;
  return true;
}
