import type { Steps } from '../work/pacer.ts';

/** Parts shorter than this are written together. */
const PIECE = 16_384;

/** Writes a list of plain values as JSON. */
type TextOf = (list: readonly unknown[]) => string;

/**
 * Writes a value as JSON, list by list: what `JSON.stringify` does in one go takes seconds for an answer of millions of
 * numbers. Lists and objects of plain values are written at once; lists have as many as an answer has buckets or groups.
 * @param textOf writes such a list
 */
export function* writeJson(value: unknown, textOf: TextOf = JSON.stringify): Steps<Buffer> {
  const done: Buffer[] = [];
  let text = '';
  for (const piece of piecesOf(value, textOf)) {
    text += piece;
    if (text.length < PIECE) continue;
    done.push(Buffer.from(text));
    text = '';
    yield;
  }
  done.push(Buffer.from(text));
  return Buffer.concat(done);
}

function* piecesOf(value: unknown, textOf: TextOf): Generator<string> {
  if (Array.isArray(value)) {
    if (value.every(isPlain)) {
      yield textOf(value);
      return;
    }
    let before = '[';
    for (const item of value) {
      yield before;
      yield* piecesOf(item, textOf);
      before = ',';
    }
    yield ']';
  } else if (value !== null && typeof value === 'object') {
    if (Object.values(value).every(isPlain)) {
      yield JSON.stringify(value);
      return;
    }
    let before = '{';
    for (const [name, item] of Object.entries(value)) {
      if (item === undefined) continue;
      yield `${before}${JSON.stringify(name)}:`;
      yield* piecesOf(item, textOf);
      before = ',';
    }
    yield before === '{' ? '{}' : '}';
  } else yield JSON.stringify(value ?? null);
}

const isPlain = (item: unknown): boolean => item === null || typeof item !== 'object';
