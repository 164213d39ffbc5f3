/** Reads numbers in Kafka's encodings from bytes, moving on behind each. */
export interface ByteReader {
  readonly bytes: Buffer;
  /** Where it is. */
  readonly at: number;
  /** A zigzag integer of variable length; exact up to 2^53. */
  varint(): number;
  int8(): number;
  int16(): number;
  int32(): number;
  /** Exact up to 2^53. */
  int64(): number;
  bigInt64(): bigint;
  /** The next bytes, not copied. */
  take(length: number): Buffer;
  skip(length: number): void;
  moveTo(at: number): void;
}

const CONTINUES = 0x80;
const SEVEN_BITS = 0x7f;

class Bytes implements ByteReader {
  readonly bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  varint(): number {
    let byte = this.bytes[this.at++]!;
    // Most are lengths and differences of one or two bytes.
    if (byte < CONTINUES) return (byte >>> 1) ^ -(byte & 1);
    let value = byte & SEVEN_BITS;
    for (let factor = CONTINUES; ; factor *= CONTINUES) {
      byte = this.bytes[this.at++]!;
      value += (byte & SEVEN_BITS) * factor;
      // Beyond the end there is `undefined`, which ends the number too.
      if (!(byte & CONTINUES)) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
  }

  int8(): number {
    return this.bytes.readInt8(this.at++);
  }

  int16(): number {
    this.at += 2;
    return this.bytes.readInt16BE(this.at - 2);
  }

  int32(): number {
    this.at += 4;
    return this.bytes.readInt32BE(this.at - 4);
  }

  int64(): number {
    const high = this.int32();
    this.at += 4;
    return high * 2 ** 32 + this.bytes.readUInt32BE(this.at - 4);
  }

  bigInt64(): bigint {
    this.at += 8;
    return this.bytes.readBigInt64BE(this.at - 8);
  }

  take(length: number): Buffer {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  skip(length: number): void {
    this.at += length;
  }

  moveTo(at: number): void {
    this.at = at;
  }
}

/** Begins to read. @param at the first byte. @default 0 */
export function createByteReader(bytes: Buffer, at = 0): ByteReader {
  return new Bytes(bytes, at);
}
