import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { SimulatorError } from '../errors.ts';

/** Longer lines are cut: no row is anywhere near, and a file without line ends must not fill the memory. */
const MAX_LINE = 100_000;

/**
 * The lines of a text file, plain or gzip (told by its first bytes), in groups of some hundred. A line that is not
 * valid UTF-8 is read as ISO-8859-1: the published copies of the data differ in that.
 * @throws {SimulatorError} `file-unreadable`, or `file-damaged` when the compressed data ends early or is corrupt.
 */
export async function* readLines(path: string): AsyncGenerator<string[]> {
  const gzip = await isGzip(path);
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  // The reader below sees every error of the pipeline as its own.
  const bytes = gzip ? pipeline(file, createGunzip({ chunkSize: 1 << 18 }), () => {}) : file;
  let rest = '';
  let count = 0;
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      const lines = (rest + chunk.toString('latin1')).split('\n');
      rest = lines.pop()!.slice(0, MAX_LINE);
      count += lines.length;
      yield lines.map(decodeLine);
    }
  } catch (error) {
    throw unreadable(path, gzip, count, error as NodeJS.ErrnoException);
  }
  if (rest !== '') yield [decodeLine(rest)];
}

/** Bytes, held as a string of one character each, as the text they stand for; without the line's end. */
function decodeLine(line: string): string {
  const end = line.endsWith('\r') ? line.slice(0, -1) : line;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the question is whether anything is not ASCII
  if (/^[\x00-\x7f]*$/.test(end)) return end;
  const bytes = Buffer.from(end, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : end;
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
