import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { TextForm } from '@storepulse/contracts/sales/form';
import { createLineSplitter, EncodingError, textFormOf } from '@storepulse/contracts/sales/text';
import { SimulatorError } from '../../errors.ts';

const CHUNK_BYTES = 1 << 18;

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
  const form = textFormOf(start, encoding);
  if (form !== 'archive') return form;
  throw new SimulatorError(
    'wrong-form',
    `${path} is a ZIP archive or an Excel workbook. Unpack it, save each sheet as CSV, and replay those: --file A --file B.`,
  );
}

/**
 * The lines of a text file, plain or gzip (told by its first bytes), in groups of some hundred, without their ends.
 * @throws {SimulatorError} `file-unreadable`; `file-damaged` when the compressed data ends early or is corrupt;
 * `wrong-form` when the bytes are no text of that encoding
 */
export async function* readLines(path: string, form: TextForm): AsyncGenerator<string[]> {
  const lines = createLineSplitter(form);
  try {
    for await (const chunk of readBytes(path, () => lines.count)) yield lines.push(chunk);
    const last = lines.end();
    if (last.length > 0) yield last;
  } catch (error) {
    if (!(error instanceof EncodingError)) throw error;
    throw new SimulatorError(
      'wrong-form',
      `${path} is not ${form.encoding} after about line ${error.lines}. Say what it is: --encoding utf-8, utf-16le or windows-1252, for instance.`,
    );
  }
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
