import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { SimulatorError } from '../../errors.ts';
import type { TextForm } from './form.ts';

/** Longer lines are cut: no row is anywhere near, and a file without line ends must not fill the memory. */
const MAX_LINE = 100_000;
const CHUNK_BYTES = 1 << 18;
const windows1252 = new TextDecoder('windows-1252');

/**
 * Tells from its first bytes how a file is text.
 * @param encoding what the user says that it is
 * @throws {SimulatorError} `file-unreadable`, `file-damaged`, or `wrong-form` when it is no text
 */
export async function detectText(path: string, encoding?: string): Promise<TextForm> {
  let start: Buffer = Buffer.alloc(0);
  for await (const chunk of readBytes(path)) {
    start = chunk;
    break;
  }
  if (start.subarray(0, 4).equals(ZIP)) {
    throw new SimulatorError(
      'wrong-form',
      `${path} is a ZIP archive or an Excel workbook. Unpack it, save each sheet as CSV, and replay those: --file A --file B.`,
    );
  }
  const known = encoding ?? encodingOf(start);
  const text = known === null ? start.toString('latin1') : new TextDecoder(known).decode(start);
  return { encoding: known, lineEnd: text.includes('\n') || !text.includes('\r') ? '\n' : '\r' };
}

const ZIP = Buffer.from('PK\u0003\u0004', 'latin1');

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

/**
 * The lines of a text file, plain or gzip (told by its first bytes), in groups of some hundred, without their ends.
 * @throws {SimulatorError} `file-unreadable`; `file-damaged` when the compressed data ends early or is corrupt;
 * `wrong-form` when the bytes are no text of that encoding
 */
export async function* readLines(path: string, { encoding, lineEnd }: TextForm): AsyncGenerator<string[]> {
  // Without an encoding, bytes are held as a string of one character each until their line is whole.
  const decoder = encoding === null ? null : new TextDecoder(encoding, { fatal: true });
  const finish = (line: string) => {
    const end = line.endsWith('\r') ? line.slice(0, -1) : line;
    return decoder ? end : decodeLine(end);
  };
  let rest = '';
  let count = 0;
  const decode = (chunk?: Buffer): string => {
    if (!decoder) return chunk?.toString('latin1') ?? '';
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch {
      throw new SimulatorError(
        'wrong-form',
        `${path} is not ${encoding} after about line ${count}. Say what it is: --encoding utf-8, utf-16le or windows-1252, for instance.`,
      );
    }
  };
  for await (const chunk of readBytes(path, () => count)) {
    const lines = (rest + decode(chunk)).split(lineEnd);
    rest = lines.pop()!.slice(0, MAX_LINE);
    const first = count === 0 && lines.length > 0;
    count += lines.length;
    const finished = lines.map(finish);
    if (first) finished[0] = withoutMark(finished[0]!);
    yield finished;
  }
  rest += decode();
  if (rest !== '') yield [count === 0 ? withoutMark(finish(rest)) : finish(rest)];
}

const withoutMark = (line: string) => line.replace(/^\uFEFF/, '');

/** Bytes, held as a string of one character each, as the text they stand for. */
function decodeLine(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the question is whether anything is not ASCII
  if (/^[\x00-\x7f]*$/.test(line)) return line;
  const bytes = Buffer.from(line, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : windows1252.decode(bytes);
}

/** The bytes of a file, uncompressed. */
async function* readBytes(path: string, lines: () => number = () => 0): AsyncGenerator<Buffer> {
  const gzip = await isGzip(path);
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  // The reader below sees every error of the pipeline as its own.
  const bytes = gzip ? pipeline(file, createGunzip({ chunkSize: CHUNK_BYTES }), () => {}) : file;
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    if (error instanceof SimulatorError) throw error;
    throw unreadable(path, gzip, lines(), error as NodeJS.ErrnoException);
  }
}

async function isGzip(path: string): Promise<boolean> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } catch (error) {
    throw unreadable(path, false, 0, error as NodeJS.ErrnoException);
  }
}

function unreadable(path: string, gzip: boolean, lines: number, cause: NodeJS.ErrnoException) {
  if (cause.code === 'ENOENT') {
    return new SimulatorError('file-unreadable', `There is no file ${path}. Check the path after --file.`);
  }
  if (gzip && (cause.code?.startsWith('Z_') ?? false)) {
    return new SimulatorError(
      'file-damaged',
      `${path} is damaged after about line ${lines}: ${cause.message}. Fetch the file again.`,
      { cause },
    );
  }
  return new SimulatorError('file-unreadable', `${path} can't be read: ${cause.message}.`, { cause });
}
