import { isUtf8 } from 'node:buffer';
import type { TextForm } from './form.ts';

/** Longer lines are cut: no row is anywhere near, and a file without line ends must not fill the memory. */
const MAX_LINE = 100_000;
const ZIP = Buffer.from('PK\u0003\u0004', 'latin1');
const windows1252 = new TextDecoder('windows-1252');

/**
 * Tells from its first bytes how something is text.
 * @param encoding what its sender says that it is
 * @returns `archive`: it is no text, but a ZIP archive or an Excel workbook
 */
export function textFormOf(start: Buffer, encoding?: string): TextForm | 'archive' {
  if (start.subarray(0, 4).equals(ZIP)) return 'archive';
  const known = encoding ?? encodingOf(start);
  const text = known === null ? start.toString('latin1') : new TextDecoder(known).decode(start);
  return { encoding: known, lineEnd: text.includes('\n') || !text.includes('\r') ? '\n' : '\r' };
}

/** The encoding that a byte order mark names, or that zeros beside nearly every character tell. */
function encodingOf(start: Buffer): string | null {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  let even = 0;
  let odd = 0;
  for (let at = 0; at + 1 < start.length; at += 2) {
    if (start[at] === 0) even += 1;
    if (start[at + 1] === 0) odd += 1;
  }
  const most = 0.7 * Math.floor(start.length / 2);
  if (odd > most) return 'utf-16le';
  if (even > most) return 'utf-16be';
  return null;
}

/** The bytes are no text of their encoding. */
export class EncodingError extends Error {
  override readonly name = 'EncodingError';
  /** About how many lines could be read. */
  readonly lines: number;

  constructor(encoding: string, lines: number) {
    super(`the bytes are not ${encoding} after about line ${lines}`);
    this.lines = lines;
  }
}

/** Cuts bytes into lines. */
export interface LineSplitter {
  /** Takes the next bytes and answers the lines that they end, without their ends. @throws {EncodingError} */
  push(bytes: Buffer): string[];
  /** The line that is left at the end; none when it is empty. @throws {EncodingError} */
  end(): string[];
  /** Lines so far. */
  readonly count: number;
}

/** Makes a splitter of text of that form. */
export function createLineSplitter({ encoding, lineEnd }: TextForm): LineSplitter {
  // Without an encoding, bytes are held as a string of one character each until their line is whole.
  const decoder = encoding === null ? null : new TextDecoder(encoding, { fatal: true });
  let rest = '';
  let count = 0;
  const finish = (line: string, number: number) => {
    const end = line.endsWith('\r') ? line.slice(0, -1) : line;
    const text = decoder ? end : decodeLine(end);
    return number === 0 ? text.replace(/^\uFEFF/, '') : text;
  };
  const decode = (bytes?: Buffer): string => {
    if (!decoder) return bytes?.toString('latin1') ?? '';
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch {
      throw new EncodingError(encoding!, count);
    }
  };
  return {
    push: (bytes) => {
      const lines = (rest + decode(bytes)).split(lineEnd);
      rest = lines.pop()!.slice(0, MAX_LINE);
      const finished = lines.map((line, index) => finish(line, count + index));
      count += lines.length;
      return finished;
    },
    end: () => {
      rest += decode();
      return rest === '' ? [] : [finish(rest, count)];
    },
    get count() {
      return count;
    },
  };
}

/** Bytes, held as a string of one character each, as the text they stand for. */
function decodeLine(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the question is whether anything is not ASCII
  if (/^[\x00-\x7f]*$/.test(line)) return line;
  const bytes = Buffer.from(line, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : windows1252.decode(bytes);
}
