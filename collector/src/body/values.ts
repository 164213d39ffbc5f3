import { CollectorError } from '../errors.ts';
import { MAX_DEPTH } from '../limits/limits.ts';
import { isShallow } from './depth.ts';

/** A value of a body; `value` is undefined for a line that is no JSON. */
export interface NumberedValue {
  readonly value: unknown;
  /** Its place in an array, or the number of its line; the first is 1. */
  readonly number: number;
}

/** How many values a body may have, and the error of one that has more. */
export interface ValueBounds {
  readonly most: number;
  readonly tooMany: (most: number) => CollectorError;
}

/**
 * The values of a body: one or an array in JSON, or one in each line that is not empty.
 * @throws {CollectorError} `invalid_json`, `too_deep`, or that there are too many
 */
export function valuesOf(
  body: Buffer,
  form: 'json' | 'lines',
  { most, tooMany }: ValueBounds,
): readonly NumberedValue[] {
  if (form === 'lines') return readLines(textOf(body), { most, tooMany });
  const value = parseBody(body);
  const values = Array.isArray(value) ? value : [value];
  if (values.length > most) throw tooMany(most);
  return values.map((each, index) => ({ value: each, number: index + 1 }));
}

/**
 * The JSON of a body.
 * @throws {CollectorError} `invalid_json`, `too_deep`
 */
export function parseBody(body: Buffer): unknown {
  try {
    return JSON.parse(textOf(body));
  } catch (error) {
    if (error instanceof CollectorError) throw error;
    // The parser's message quotes the body, which may be personal.
    const place = /position \d+/.exec((error as Error).message)?.[0];
    throw new CollectorError('invalid_json', `the body is no JSON${place ? `, at ${place}` : ''}`);
  }
}

function readLines(text: string, { most, tooMany }: ValueBounds): NumberedValue[] {
  const values: NumberedValue[] = [];
  let number = 0;
  for (const line of text.split('\n')) {
    number += 1;
    if (line.trim() === '') continue;
    if (values.length === most) throw tooMany(most);
    try {
      values.push({ value: JSON.parse(line), number });
    } catch {
      values.push({ value: undefined, number });
    }
  }
  return values;
}

function textOf(body: Buffer): string {
  if (!isShallow(body, MAX_DEPTH)) {
    throw new CollectorError('too_deep', `objects and lists may be nested ${MAX_DEPTH} deep`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (error) {
    throw new CollectorError('invalid_json', 'the body is no valid UTF-8', { cause: error });
  }
}
