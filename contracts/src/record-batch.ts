/** What a record says, without where it goes. */
export interface BatchRecord {
  readonly key: string | Uint8Array | null;
  /** null: a tombstone. */
  readonly value: string | Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Who sends a batch, and which of the partition's records it begins with: makes sending it again harmless. */
export interface BatchIdentity {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly sequence: number;
  /** Whether it belongs to a transaction of the producer. @default false */
  readonly isTransactional?: boolean;
}

/**
 * Records as one batch in Kafka's format, version 2 (kafka.apache.org/documentation/#recordbatch), written straight
 * into a buffer that the next batch uses again: no object is made per record, header or number.
 */
export interface RecordBatch {
  /** Adds a record with its timestamp, in whole epoch ms. */
  add(record: BatchRecord, timestamp: number): void;
  /** Records added since the last `clear`. */
  readonly count: number;
  /** The batch; valid until the next `add`. */
  encode(identity: BatchIdentity): Buffer;
  clear(): void;
}

/** Bytes before the first record, and where those fields among them are that are not always zero. */
const HEAD = 61;
const AT = { length: 8, leaderEpoch: 12, magic: 16, crc: 17, attributes: 21, lastOffset: 23 } as const;
const AT_TIMES = { first: 27, max: 35 } as const;
const AT_IDENTITY = { producerId: 43, producerEpoch: 51, sequence: 53, count: 57 } as const;
const MAGIC = 2;
const INITIAL_BYTES = 16_384;
/** A record begins with its length, which is known last: room for the usual two bytes is kept. */
const LENGTH_BYTES = 2;
/** The most bytes that a UTF-16 unit takes in UTF-8, and that a number takes. */
const MAX_UNIT = 3;
const MAX_NUMBER = 8;
/** Up to here, copying ASCII unit by unit is faster than a call out of JavaScript. */
const SHORT = 48;

/** What a record without a key or without a value has in its place. */
const NONE = -1;
const TRANSACTIONAL = 0x10;

const unitsOf = (content: string | Uint8Array | null): number => content?.length ?? 0;

/**
 * Makes an empty batch.
 * @param crc32c the checksum that the format asks for (CRC-32C, Castagnoli)
 */
export function createRecordBatch(crc32c: (bytes: Buffer) => number): RecordBatch {
  let bytes = Buffer.alloc(INITIAL_BYTES);
  let end = HEAD;
  let count = 0;
  let firstTimestamp = 0;
  let maxTimestamp = 0;

  const makeRoom = ({ key, value, headers }: BatchRecord) => {
    let units = unitsOf(key) + unitsOf(value);
    let numbers = 6;
    for (const name in headers) {
      units += name.length + headers[name]!.length;
      numbers += 2;
    }
    const needed = end + units * MAX_UNIT + numbers * MAX_NUMBER;
    if (needed <= bytes.length) return;
    const larger = Buffer.alloc(Math.max(2 * bytes.length, needed));
    bytes.copy(larger, 0, 0, end);
    bytes = larger;
  };
  /** A signed whole number: zigzag, then seven bits to a byte, the lowest first. */
  const writeNumber = (value: number) => {
    let rest = value < 0 ? -2 * value - 1 : 2 * value;
    for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes[end++] = (rest % 0x80) | 0x80;
    bytes[end++] = rest;
  };
  /** A text after its length in bytes. */
  const writeText = (text: string) => {
    const start = end;
    const { length } = text;
    if (length <= SHORT) {
      writeNumber(length);
      let index = 0;
      for (let unit = 0; index < length; index++) {
        unit = text.charCodeAt(index);
        if (unit > 0x7f) break;
        bytes[end + index] = unit;
      }
      end += index;
      if (index === length) return;
      end = start;
    }
    const size = Buffer.byteLength(text);
    writeNumber(size);
    end += bytes.write(text, end, size);
  };
  const writeContent = (content: string | Uint8Array | null) => {
    if (typeof content === 'string') writeText(content);
    else if (content === null) writeNumber(NONE);
    else {
      writeNumber(content.length);
      bytes.set(content, end);
      end += content.length;
    }
  };
  /** Puts its length before what has been written since. */
  const writeLength = (start: number) => {
    const body = start + LENGTH_BYTES;
    const length = end - body;
    const needed = length < 64 ? 1 : length < 8_192 ? 2 : length < 1_048_576 ? 3 : 4;
    if (needed !== LENGTH_BYTES) bytes.copyWithin(start + needed, body, end);
    end = start;
    writeNumber(length);
    end += length;
  };

  return {
    add: (record, timestamp) => {
      makeRoom(record);
      const { key, value, headers } = record;
      if (count === 0) firstTimestamp = maxTimestamp = timestamp;
      else if (timestamp > maxTimestamp) maxTimestamp = timestamp;
      const start = end;
      end += LENGTH_BYTES;
      bytes[end++] = 0;
      writeNumber(timestamp - firstTimestamp);
      writeNumber(count);
      writeContent(key);
      writeContent(value);
      let headerCount = 0;
      for (const _ in headers) headerCount += 1;
      writeNumber(headerCount);
      for (const name in headers) {
        writeText(name);
        writeText(headers[name]!);
      }
      writeLength(start);
      count += 1;
    },
    get count() {
      return count;
    },
    encode: ({ producerId, producerEpoch, sequence, isTransactional = false }) => {
      bytes.writeInt32BE(end - AT.leaderEpoch, AT.length);
      bytes.writeInt32BE(-1, AT.leaderEpoch);
      bytes[AT.magic] = MAGIC;
      bytes.writeInt16BE(isTransactional ? TRANSACTIONAL : 0, AT.attributes);
      bytes.writeInt32BE(count - 1, AT.lastOffset);
      bytes.writeBigInt64BE(BigInt(firstTimestamp), AT_TIMES.first);
      bytes.writeBigInt64BE(BigInt(maxTimestamp), AT_TIMES.max);
      bytes.writeBigInt64BE(producerId, AT_IDENTITY.producerId);
      bytes.writeInt16BE(producerEpoch, AT_IDENTITY.producerEpoch);
      bytes.writeInt32BE(sequence, AT_IDENTITY.sequence);
      bytes.writeInt32BE(count, AT_IDENTITY.count);
      bytes.writeUInt32BE(crc32c(bytes.subarray(AT.attributes, end)), AT.crc);
      return bytes.subarray(0, end);
    },
    clear: () => {
      end = HEAD;
      count = 0;
    },
  };
}
