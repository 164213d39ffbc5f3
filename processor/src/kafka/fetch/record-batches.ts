import { compressionsAlgorithmsByBitmask } from '@platformatic/kafka';
import type { InputRecord } from '../port.ts';
import { createByteReader } from './byte-reader.ts';
import type { AbortedTransaction } from './fetch-request.ts';
import { type BatchHead, readRecord } from './fetched-record.ts';

/** Some of the records that were fetched, in order. */
export interface Records {
  readonly records: readonly InputRecord[];
  /** The offset after them, and after what is between them and the next that counts. */
  readonly next: number;
  /** Of the leader that appended them, and what lies before `next`. */
  readonly epoch: number;
}

/** Of a batch, the bytes before its length ends, and those before its records begin. */
const LENGTH_END = 12;
const HEAD_BYTES = 61;
/** What a batch without records has behind its length. */
const LEAST_LENGTH = HEAD_BYTES - LENGTH_END;
const FORMAT = 2;
const COMPRESSION = 0b111;
const APPEND_TIME = 0b1000;
const TRANSACTIONAL = 0b1_0000;
const CONTROL = 0b10_0000;

interface RawBatch {
  readonly head: BatchHead;
  readonly attributes: number;
  /** Of its last record. */
  readonly lastOffset: number;
  /** Of the leader that appended it. */
  readonly epoch: number;
  readonly producerId: bigint;
  readonly count: number;
  /** Its records, as they were sent: perhaps compressed. */
  readonly body: Buffer;
}

/**
 * Reads record batches of format 2 (Kafka 0.11 and later) as they lie in the log, from an offset on, some records at a
 * time, and those of one leader's epoch. What belongs to aborted transactions is left out, as are the marks that end transactions. The log cleaner
 * leaves offsets without a record, batches without any record, and marks without their content.
 * @param bytes the whole answer to a fetch, also when it is read from its middle on: a mark before `from` ends a
 * transaction all the same
 * @param from the first offset that is wanted; a batch may begin before it
 * @param most how many records are handed over at once
 * @throws when a batch has another format, an impossible length, or a compression that this Node.js can't undo
 */
export function* readRecords(
  bytes: Buffer,
  options: { from: number; most: number; aborted: readonly AbortedTransaction[] },
): Generator<Records> {
  const { from, most } = options;
  const isAborted = createAbortedFilter(options.aborted);
  let records: InputRecord[] = [];
  let next = from;
  let told = from;
  let epoch = 0;
  for (const raw of cutBatches(bytes)) {
    const batch = readBatch(raw);
    const counts = !isAborted(batch) && !(batch.attributes & CONTROL) && batch.count > 0;
    if (batch.lastOffset < from) continue;
    if (batch.epoch !== epoch) {
      if (next > told) yield { records, next, epoch };
      epoch = batch.epoch;
      told = next;
      records = [];
    }
    if (!counts) {
      next = batch.lastOffset + 1;
      continue;
    }
    const reader = createByteReader(decompress(batch));
    for (let left = batch.count; left > 0; left--) {
      const record = readRecord(reader, batch.head);
      if (record.offset < from) continue;
      records.push(record);
      next = record.offset + 1;
      if (records.length < most) continue;
      // After the last record of a compacted batch there may be offsets without one.
      if (left === 1) next = batch.lastOffset + 1;
      yield { records, next, epoch };
      told = next;
      records = [];
    }
    next = batch.lastOffset + 1;
  }
  if (next > told) yield { records, next, epoch };
}

/** The offset after the last whole batch, and the epoch of the leader that appended it; undefined where there is none. */
export function endOfBatches(bytes: Buffer): { readonly offset: number; readonly epoch: number } | undefined {
  let last: Buffer | undefined;
  for (const batch of cutBatches(bytes)) last = batch;
  if (!last) return undefined;
  const { lastOffset, epoch } = readBatch(last);
  return { offset: lastOffset + 1, epoch };
}

/** The whole batches; the last one may be cut off, and is fetched again. */
function* cutBatches(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at + LENGTH_END <= bytes.length; ) {
    const length = bytes.readInt32BE(at + LENGTH_END - 4);
    if (length < LEAST_LENGTH) throw new Error(`Kafka has a record batch of an impossible length, ${length}`);
    const end = at + LENGTH_END + length;
    if (end > bytes.length) return;
    yield bytes.subarray(at, end);
    at = end;
  }
}

function readBatch(bytes: Buffer): RawBatch {
  const reader = createByteReader(bytes);
  const baseOffset = reader.int64();
  reader.skip(4);
  const epoch = reader.int32();
  const format = reader.int8();
  if (format !== FORMAT)
    throw new Error(`Kafka has records of format ${format}; only format ${FORMAT} is read`);
  reader.skip(4);
  const attributes = reader.int16();
  const lastOffset = baseOffset + reader.int32();
  const baseTimestamp = reader.int64();
  const maxTimestamp = reader.int64();
  const producerId = reader.bigInt64();
  reader.skip(6);
  return {
    head: {
      baseOffset,
      baseTimestamp,
      appendedAt: attributes & APPEND_TIME ? maxTimestamp : undefined,
    },
    attributes,
    lastOffset,
    epoch,
    producerId,
    count: reader.int32(),
    body: bytes.subarray(HEAD_BYTES),
  };
}

function decompress({ body, attributes }: RawBatch): Buffer {
  const compression = attributes & COMPRESSION;
  if (compression === 0) return body;
  const algorithm = compressionsAlgorithmsByBitmask[compression];
  if (!algorithm?.available) throw new Error(`Kafka has records of an unknown compression, ${compression}`);
  return algorithm.decompressSync(body);
}

/**
 * Tells whether a batch belongs to an aborted transaction; to be asked of each batch, in order. A producer has one
 * transaction at a time, so its next mark ends the aborted one: what kind of mark it is need not be read, and the log
 * cleaner may have emptied it.
 */
function createAbortedFilter(aborted: readonly AbortedTransaction[]): (batch: RawBatch) => boolean {
  if (aborted.length === 0) return () => false;
  const waiting = aborted.toSorted((a, b) => a.firstOffset - b.firstOffset);
  const open = new Set<bigint>();
  return ({ attributes, lastOffset, producerId }) => {
    while (waiting[0] && waiting[0].firstOffset <= lastOffset) open.add(waiting.shift()!.producerId);
    if (!(attributes & TRANSACTIONAL)) return false;
    if (attributes & CONTROL) return open.delete(producerId);
    return open.has(producerId);
  };
}
