import type { Catalog } from '../api/catalog';
import { judgeNames } from './judgeNames';
import type { Marker } from './language';
import { parseCode } from './parseCode';
import { placeOf } from './placeOf';
import type { CodeQuery } from './printCode';

/** A text as far as it can be read. */
export interface ReadCode {
  /** Undefined when there is an error in the text. */
  query: CodeQuery | undefined;
  /** What to underline: an error, or names that are not known. */
  markers: Marker[];
  /** The same in words, each with its line and column. */
  remarks: string[];
}

/** Reads a text, and judges its names by the catalogue. */
export function readCode(text: string, catalog: Catalog | undefined): ReadCode {
  const parsed = parseCode(text);
  const markers: Marker[] =
    parsed.kind === 'fault'
      ? [{ ...parsed.fault, severity: 'error' }]
      : judgeNames(parsed.named, catalog).map((fault) => ({ ...fault, severity: 'warning' }));
  return {
    query: parsed.kind === 'query' ? parsed.query : undefined,
    markers,
    remarks: markers.map(({ message, from }) => {
      const { line, column } = placeOf(text, from);
      return `Line ${line}, column ${column}: ${message}`;
    }),
  };
}
