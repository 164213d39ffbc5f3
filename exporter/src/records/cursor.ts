import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { ExporterError } from '../errors.ts';

/** Where a page has ended: the last record's place in the order. */
export interface Place {
  /** Its value of the field that records are in order by; null where it has none. */
  readonly value: string | number | null;
  /** Its `_id`. */
  readonly id: string;
}

const Content = Type.Tuple([
  Type.String(),
  Type.String(),
  Type.Union([Type.String(), Type.Number(), Type.Null()]),
  Type.String(),
]);

/** What a cursor is of: a place in one order says nothing about another. */
export interface CursorScope {
  readonly shop: string;
  /** Name of the order. */
  readonly sort: string;
}

/** Writes a place as a text that clients hand back as it is. */
export function writeCursor({ shop, sort }: CursorScope, { value, id }: Place): string {
  return Buffer.from(JSON.stringify([shop, sort, value, id])).toString('base64url');
}

/**
 * Reads a cursor.
 * @throws {ExporterError} `invalid_request` when it is none, or one of another shop or order
 */
export function readCursor(text: string, { shop, sort }: CursorScope): Place {
  const content = parse(text);
  if (!Value.Check(Content, content))
    throw new ExporterError(
      'invalid_request',
      '"cursor" is none that was answered: take "next" of the page before',
    );
  const [ofShop, ofSort, value, id] = content;
  if (ofShop !== shop || ofSort !== sort)
    throw new ExporterError(
      'invalid_request',
      `"cursor" goes on with the shop ${ofShop} in the order ${ofSort}: ask for these, or begin without a cursor`,
    );
  return { value, id };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
}
