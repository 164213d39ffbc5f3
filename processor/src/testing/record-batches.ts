/** A record of a handmade batch. */
export interface HandmadeRecord {
  readonly offset: number;
  readonly value: string;
  /** Epoch ms. @default 0 */
  readonly timestamp?: number;
}

/** The head of a handmade batch. */
export interface HandmadeHead {
  /** What the batch covers, with or without a record at each end. */
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** Of the leader that appended it. @default 0 */
  readonly leaderEpoch?: number;
  /** @default none: plain records */
  readonly flags?: number;
  /** @default none */
  readonly producerId?: number;
  /** What the records' times are counted from, epoch ms. @default 0 */
  readonly baseTimestamp?: number;
}

/** Flags of a batch. */
export const TRANSACTIONAL = 0b1_0000;
export const CONTROL = 0b10_0000;
export const HAS_DELETE_HORIZON = 0b100_0000;

/**
 * Writes a record batch by the definition of format 2 (kafka.apache.org, "Message Format"), also such as no producer
 * sends and only the log cleaner leaves: with offsets missing at any place, or without a record.
 */
export function handmadeBatch(head: HandmadeHead, records: readonly HandmadeRecord[]): Buffer {
  const { firstOffset, lastOffset, leaderEpoch = 0, flags = 0, producerId = -1, baseTimestamp = 0 } = head;
  const body = Buffer.concat(
    records.map(({ offset, value, timestamp = 0 }) => {
      const fields = Buffer.concat([
        Buffer.from([0]),
        varintOf(timestamp - baseTimestamp),
        varintOf(offset - firstOffset),
        varintOf(-1),
        varintOf(Buffer.byteLength(value)),
        Buffer.from(value),
        varintOf(0),
      ]);
      return Buffer.concat([varintOf(fields.length), fields]);
    }),
  );
  const bytes = Buffer.alloc(61);
  bytes.writeBigInt64BE(BigInt(firstOffset), 0);
  bytes.writeInt32BE(49 + body.length, 8);
  bytes.writeInt32BE(leaderEpoch, 12);
  bytes.writeInt8(2, 16);
  bytes.writeInt16BE(flags, 21);
  bytes.writeInt32BE(lastOffset - firstOffset, 23);
  bytes.writeBigInt64BE(BigInt(baseTimestamp), 27);
  bytes.writeBigInt64BE(BigInt(Math.max(0, ...records.map(({ timestamp = 0 }) => timestamp))), 35);
  bytes.writeBigInt64BE(BigInt(producerId), 43);
  bytes.writeInt32BE(records.length, 57);
  return Buffer.concat([bytes, body]);
}

/** Kafka's numbers of variable length, by their definition: zigzag, then seven bits to a byte, the lowest first. */
export function varintOf(n: number): Buffer {
  let left = BigInt.asUintN(64, (BigInt(n) << 1n) ^ (BigInt(n) >> 63n));
  const bytes: number[] = [];
  do {
    bytes.push(Number(left & 0x7fn) | (left > 0x7fn ? 0x80 : 0));
    left >>= 7n;
  } while (left > 0n);
  return Buffer.from(bytes);
}
