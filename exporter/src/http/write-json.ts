import type { Steps } from '../work/pacer.ts';

/** Parts shorter than this are written together. */
const PIECE = 16_384;
/** Members of what is written in one go though it is no list of plain values. */
const FEW = 16;

/** Writes a list of plain values as JSON. */
type TextOf = (list: readonly unknown[]) => string;

/**
 * Writes a value as JSON, list by list: what `JSON.stringify` does in one go takes seconds for an answer of millions of
 * numbers. What is small, and lists and objects of plain values, are written at once; such lists have as many as an answer
 * has buckets or groups.
 * @param textOf writes such a list
 */
export function* writeJson(value: unknown, textOf: TextOf = JSON.stringify): Steps<Buffer> {
  const page = createPage();
  yield* writePart(value, textOf, page);
  return page.end();
}

/** What is written: text that becomes bytes as soon as there is enough of it. */
interface Page {
  add(text: string): void;
  /** Whether there is enough of it: a good place to rest. Puts it down as bytes then. */
  isFull(): boolean;
  end(): Buffer;
}

function createPage(): Page {
  const done: Buffer[] = [];
  let text = '';
  const putDown = () => {
    done.push(Buffer.from(text));
    text = '';
  };
  return {
    add: (more) => {
      text += more;
    },
    isFull: () => {
      if (text.length < PIECE) return false;
      putDown();
      return true;
    },
    end: () => {
      putDown();
      return Buffer.concat(done);
    },
  };
}

/** Rests where the page is full, and nowhere else: what is deep within a value rests through all the levels above it. */
function* writePart(value: unknown, textOf: TextOf, page: Page): Steps<void> {
  if (isSmall(value)) page.add(JSON.stringify(value ?? null));
  else if (Array.isArray(value)) {
    if (value.every(isPlain)) page.add(textOf(value));
    else {
      let before = '[';
      for (const item of value) {
        page.add(before);
        yield* writePart(item, textOf, page);
        before = ',';
      }
      page.add(']');
    }
  } else {
    const members = Object.entries(value as object);
    if (members.every(([, item]) => isPlain(item))) page.add(JSON.stringify(value));
    else {
      let before = '{';
      for (const [name, item] of members) {
        if (item === undefined) continue;
        page.add(`${before}${JSON.stringify(name)}:`);
        yield* writePart(item, textOf, page);
        before = ',';
      }
      page.add(before === '{' ? '{}' : '}');
    }
  }
  if (page.isFull()) yield;
}

/** Whether it has few members, and these have few plain ones: as a field of a frame is without its values. */
const isSmall = (value: unknown, depth = 2): boolean => {
  if (isPlain(value)) return true;
  if (depth === 0) return false;
  const members = Array.isArray(value) ? value : Object.values(value as object);
  return members.length <= FEW && members.every((member) => isSmall(member, depth - 1));
};

const isPlain = (item: unknown): boolean => item === null || typeof item !== 'object';
