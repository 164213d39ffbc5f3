import type { InputRecord } from '../port.ts';
import { type ByteReader, createByteReader } from './byte-reader.ts';

/** What a record inherits from its batch. */
export interface BatchHead {
  readonly baseOffset: number;
  readonly baseTimestamp: number;
  /** When the broker appended it, epoch ms, where that counts and not when it was sent. */
  readonly appendedAt: number | undefined;
}

/**
 * A record over the bytes it came in. Key, value and headers are made when they are asked for: most of what is read is
 * looked at once, and its headers never.
 */
class FetchedRecord implements InputRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly #bytes: Buffer;
  readonly #keyAt: number;
  readonly #keyLength: number;
  readonly #valueAt: number;
  readonly #valueLength: number;
  readonly #headersAt: number;

  constructor(reader: ByteReader, head: BatchHead) {
    reader.skip(1);
    const timestampDelta = reader.varint();
    this.timestamp = head.appendedAt ?? head.baseTimestamp + timestampDelta;
    this.offset = head.baseOffset + reader.varint();
    this.#bytes = reader.bytes;
    this.#keyLength = reader.varint();
    this.#keyAt = reader.at;
    reader.skip(Math.max(0, this.#keyLength));
    this.#valueLength = reader.varint();
    this.#valueAt = reader.at;
    reader.skip(Math.max(0, this.#valueLength));
    this.#headersAt = reader.at;
  }

  get key(): Buffer | null {
    return cut(this.#bytes, this.#keyAt, this.#keyLength);
  }

  get value(): Buffer | null {
    return cut(this.#bytes, this.#valueAt, this.#valueLength);
  }

  get headers(): InputRecord['headers'] {
    return readHeaders(this.#bytes, this.#headersAt);
  }
}

/** Reads the record that begins where the reader is, and moves on behind it. */
export function readRecord(reader: ByteReader, head: BatchHead): InputRecord {
  const length = reader.varint();
  const end = reader.at + length;
  const record = new FetchedRecord(reader, head);
  reader.moveTo(end);
  return record;
}

function cut(bytes: Buffer, at: number, length: number): Buffer | null {
  return length < 0 ? null : bytes.subarray(at, at + length);
}

/** A name that comes more than once has all its values. No name can stand for what objects inherit. */
function readHeaders(bytes: Buffer, at: number): InputRecord['headers'] {
  const reader = createByteReader(bytes, at);
  const headers: Record<string, Buffer | Buffer[]> = Object.create(null);
  for (let left = reader.varint(); left > 0; left--) {
    const name = reader.take(reader.varint()).toString();
    const length = reader.varint();
    // Without a value, as kafkajs has it.
    const value = length < 0 ? Buffer.alloc(0) : reader.take(length);
    const before = headers[name];
    if (before === undefined) headers[name] = value;
    else headers[name] = [...(Array.isArray(before) ? before : [before]), value];
  }
  return headers;
}
