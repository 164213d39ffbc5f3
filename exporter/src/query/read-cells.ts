import type { Steps } from '../work/pacer.ts';

/** What a stored window says of itself. */
export interface WindowHead {
  /** Its window id. */
  readonly id: string;
  /** First instant, epoch ms; 0 for the lifetime. */
  readonly start: number;
  /** The sum of the `seq` of the partials that it was merged from. */
  readonly version: number;
  readonly final: boolean;
}

/** Takes the cells of a window one after the other. */
export interface CellSink {
  /** A cell of an (escaped) value of the dimension begins. */
  begin(field: string): void;
  /** The cell's measure of one of the wanted parts, by its place among them: a number, or a sketch of its own memory. */
  add(part: number, stored: number | Uint8Array): void;
}

/** Cells between two places to rest: some tens of microseconds. */
const CELLS_PER_STEP = 128;
/** Types of BSON values, after bsonspec.org. */
const DOUBLE = 0x01;
const TEXT = 0x02;
const DOCUMENT = 0x03;
const BINARY = 0x05;
const BOOLEAN = 0x08;
const DATE = 0x09;
const INT32 = 0x10;
const INT64 = 0x12;
/** Bytes of the types of one size. */
const SIZES: Readonly<Record<number, number>> = {
  [DOUBLE]: 8,
  6: 0,
  7: 12,
  [BOOLEAN]: 1,
  [DATE]: 8,
  10: 0,
  [INT32]: 4,
  17: 8,
  [INT64]: 8,
  19: 16,
};

/**
 * Reads a document of `metrics` straight from its BSON: of all cells those of one dimension, of each cell some
 * measures. Objects of all of them would take ten times as long.
 * @param dimension a dimension, or `total`
 * @param parts names of stored metrics
 * @throws {TypeError} for a document of another form
 */
export function* readCells(
  bytes: Buffer,
  dimension: string,
  parts: readonly Buffer[],
  sink: CellSink,
): Steps<WindowHead> {
  const head = { id: '', start: Number.NaN, version: Number.NaN, final: false };
  let dimensions = -1;
  for (let at = 4; bytes[at] !== 0; ) {
    const type = bytes[at]!;
    const name = at + 1;
    const end = endOfName(bytes, name);
    const value = end + 1;
    switch (bytes.toString('latin1', name, end)) {
      case '_id':
        head.id = expect(type, TEXT, () => textAt(bytes, value));
        break;
      case 'start':
        head.start = expect(type, DATE, () => Number(bytes.readBigInt64LE(value)));
        break;
      case 'version':
        head.version = numberAt(bytes, type, value);
        break;
      case 'final':
        head.final = expect(type, BOOLEAN, () => bytes[value] === 1);
        break;
      case 'cells':
        dimensions = expect(type, DOCUMENT, () => value);
        break;
    }
    at = value + sizeAt(bytes, type, value);
  }
  const cells = dimensions < 0 ? -1 : findDocument(bytes, dimensions, dimension);
  if (cells >= 0) yield* cellsAt(bytes, cells, parts, sink);
  return head;
}

function* cellsAt(bytes: Buffer, cells: number, parts: readonly Buffer[], sink: CellSink): Steps<void> {
  let read = 0;
  for (let at = cells + 4; bytes[at] !== 0; ) {
    const end = endOfName(bytes, at + 1);
    if (bytes[at] !== DOCUMENT) throw new TypeError('a stored cell is no document');
    sink.begin(nameAt(bytes, at + 1, end));
    const cell = end + 1;
    readMeasures(bytes, cell, parts, sink);
    at = cell + bytes.readInt32LE(cell);
    if (++read % CELLS_PER_STEP === 0) yield;
  }
}

function readMeasures(bytes: Buffer, cell: number, parts: readonly Buffer[], sink: CellSink): void {
  for (let at = cell + 4; bytes[at] !== 0; ) {
    const type = bytes[at]!;
    const name = at + 1;
    const end = endOfName(bytes, name);
    const value = end + 1;
    const part = partAt(bytes, name, end, parts);
    if (part >= 0) sink.add(part, type === BINARY ? bytesAt(bytes, value) : numberAt(bytes, type, value));
    at = value + sizeAt(bytes, type, value);
  }
}

function partAt(bytes: Buffer, from: number, to: number, parts: readonly Buffer[]): number {
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    if (part.length !== to - from) continue;
    let at = 0;
    while (at < part.length && part[at] === bytes[from + at]) at++;
    if (at === part.length) return i;
  }
  return -1;
}

/** Where the value of a document's field begins, which is a document; −1 without the field. */
function findDocument(bytes: Buffer, document: number, field: string): number {
  const wanted = Buffer.from(field);
  for (let at = document + 4; bytes[at] !== 0; ) {
    const type = bytes[at]!;
    const end = endOfName(bytes, at + 1);
    if (type === DOCUMENT && partAt(bytes, at + 1, end, [wanted]) === 0) return end + 1;
    at = end + 1 + sizeAt(bytes, type, end + 1);
  }
  return -1;
}

function endOfName(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] !== 0) at++;
  return at;
}

function nameAt(bytes: Buffer, from: number, to: number): string {
  for (let at = from; at < to; at++) if (bytes[at]! >= 0x80) return bytes.toString('utf8', from, to);
  return bytes.toString('latin1', from, to);
}

const textAt = (bytes: Buffer, value: number): string =>
  bytes.toString('utf8', value + 4, value + 3 + bytes.readInt32LE(value));

/** A copy: a slice would keep the whole message of the server in memory. */
const bytesAt = (bytes: Buffer, value: number): Uint8Array =>
  new Uint8Array(bytes.subarray(value + 5, value + 5 + bytes.readInt32LE(value)));

function numberAt(bytes: Buffer, type: number, value: number): number {
  if (type === DOUBLE) return bytes.readDoubleLE(value);
  if (type === INT32) return bytes.readInt32LE(value);
  if (type === INT64) return Number(bytes.readBigInt64LE(value));
  throw new TypeError(`expected a stored number, found BSON type ${type}`);
}

function sizeAt(bytes: Buffer, type: number, value: number): number {
  const size = SIZES[type];
  if (size !== undefined) return size;
  if (type === DOCUMENT || type === 4) return bytes.readInt32LE(value);
  if (type === TEXT) return 4 + bytes.readInt32LE(value);
  if (type === BINARY) return 5 + bytes.readInt32LE(value);
  throw new TypeError(`a stored window has a field of BSON type ${type}`);
}

function expect<T>(type: number, wanted: number, read: () => T): T {
  if (type !== wanted) throw new TypeError(`expected BSON type ${wanted}, found ${type}`);
  return read();
}
