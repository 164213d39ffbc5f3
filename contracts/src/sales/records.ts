import { parse } from 'csv-parse/sync';
import type { TableForm } from './form.ts';

/** One row of a file before its fields are read; `fields` is null when its quotes do not fit. */
export interface RawRecord {
  /** Number of its first line. */
  readonly line: number;
  readonly fields: readonly string[] | null;
}

/** A quoted field with line ends goes over so many lines at most. */
const MAX_LINES = 100;

/**
 * The fields of one line or of some that belong together, or null when its quotes don't fit. Lines without quotes,
 * which nearly all are, need no parser.
 */
export function splitFields(text: string, delimiter: string): string[] | null {
  if (!text.includes('"')) return text.split(delimiter);
  try {
    return (parse(text, { delimiter, relax_column_count: true }) as string[][])[0] ?? null;
  } catch {
    return null;
  }
}

/** Puts lines together to records. */
export interface RecordReader {
  /** Takes the next line and answers the records that it ends, in their order. */
  push(text: string, line: number): RawRecord[];
  /** The records that are left at the end of the file. */
  end(): RawRecord[];
}

/**
 * Makes a reader of records for a table of that form. A field in quotes may go over several lines. A quote that is
 * never closed costs its own line alone: the lines after it are read for themselves as soon as one of them is a whole
 * row, or no closing quote has come for long.
 */
export function createRecordReader({
  delimiter,
  width,
}: Pick<TableForm, 'delimiter' | 'width'>): RecordReader {
  let open: { readonly text: string; readonly line: number }[] = [];

  const isWhole = (fields: readonly string[] | null) => fields !== null && fields.length >= width;
  /** Gives up the first of the open lines, and reads the others again. */
  const giveUp = (): RawRecord[] => {
    const [first, ...others] = open;
    open = [];
    if (!first) return [];
    return [{ line: first.line, fields: null }, ...others.flatMap(({ text, line }) => push(text, line))];
  };
  const push = (text: string, line: number): RawRecord[] => {
    if (open.length === 0) {
      if (!opensQuote(text)) return [{ line, fields: splitFields(text, delimiter) }];
      open = [{ text, line }];
      return [];
    }
    if (!opensQuote(text)) {
      const fields = splitFields(text, delimiter);
      if (isWhole(fields)) return [...giveUp(), ...push(text, line)];
    }
    open.push({ text, line });
    if (!opensQuote(text)) return open.length < MAX_LINES ? [] : giveUp();
    const fields = splitFields(open.map((part) => part.text).join('\n'), delimiter);
    if (!isWhole(fields)) return giveUp();
    const started = open[0]!.line;
    open = [];
    return [{ line: started, fields }];
  };
  const end = (): RawRecord[] => {
    const records: RawRecord[] = [];
    while (open.length > 0) records.push(...giveUp());
    return records;
  };
  return { push, end };
}

/** Whether a quote begins in this line that it does not end: within a field, a quote is written twice. */
function opensQuote(text: string): boolean {
  let quotes = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) quotes += 1;
  return quotes % 2 === 1;
}
