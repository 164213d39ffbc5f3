import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRecordsBatch } from '@platformatic/kafka';
import fc from 'fast-check';
import { varintOf } from '../../testing/record-batches.ts';
import { createByteReader } from './byte-reader.ts';
import type { AbortedTransaction } from './fetch-request.ts';
import { endOfBatches, readRecords } from './record-batches.ts';

const NOON = Date.UTC(2026, 0, 5, 12);
const AT = { baseOffset: 0, format: 16, attributes: 21, maxTimestamp: 35, producerId: 43 } as const;
const APPEND_TIME = 0b1000;
const TRANSACTIONAL = 0b1_0000;
const CONTROL = 0b10_0000;

interface Sent {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [string, string])[];
  readonly timestamp: number;
}
type Compression = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

/** A batch as the library's producer writes it, at an offset of the log. */
function batchOf(
  offset: number,
  sent: readonly Sent[],
  {
    compression = 'none',
    flags = 0,
    producerId = -1,
  }: { compression?: Compression; flags?: number; producerId?: number } = {},
): Buffer {
  const messages = sent.map(({ headers, timestamp, ...message }) => ({
    topic: 'any',
    ...message,
    headers: new Map(headers.map(([name, text]) => [Buffer.from(name), Buffer.from(text)])),
    timestamp: BigInt(timestamp),
  }));
  const bytes = Buffer.from(createRecordsBatch(messages as never, { compression }).buffer);
  bytes.writeBigInt64BE(BigInt(offset), AT.baseOffset);
  bytes.writeInt16BE(bytes.readInt16BE(AT.attributes) | flags, AT.attributes);
  bytes.writeBigInt64BE(BigInt(producerId), AT.producerId);
  return bytes;
}
const plain = (value: string): Sent => ({
  key: null,
  value: Buffer.from(value),
  headers: [],
  timestamp: NOON,
});
/** The mark that ends a transaction. */
const mark = (offset: number, producerId: number, kind: 'commit' | 'abort') =>
  batchOf(offset, [{ ...plain(''), key: Buffer.from([0, 0, 0, kind === 'commit' ? 1 : 0]) }], {
    flags: TRANSACTIONAL | CONTROL,
    producerId,
  });

const read = (
  bytes: Buffer,
  {
    from = 0,
    most = 500,
    aborted = [],
  }: { from?: number; most?: number; aborted?: readonly AbortedTransaction[] } = {},
) => [...readRecords(bytes, { from, most, aborted })];
const valuesOf = (parts: ReturnType<typeof read>) =>
  parts.flatMap(({ records }) => records.map(({ value }) => String(value)));

/** The library (2.12.1) writes differences of times from 2^31 ms on wrongly. */
const time = fc.integer({ min: NOON, max: NOON + 2 ** 31 - 1 });
const bytes = fc.option(fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)));
const header = fc.tuple(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string({ unit: 'grapheme' }));
const record: fc.Arbitrary<Sent> = fc.record({
  key: bytes,
  value: bytes,
  headers: fc.uniqueArray(header, { maxLength: 4, selector: ([name]) => name }),
  timestamp: time,
});
const log = fc.array(fc.array(record, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 5 });
/** An object keeps no order of names such as "0"; the order of the values of one name is another test's. */
const byName = (headers: Sent['headers']) => headers.toSorted(([a], [b]) => (a < b ? -1 : 1));
const compression = fc.constantFrom<Compression>('none', 'gzip', 'snappy', 'lz4', 'zstd');

test('records are read as they were sent, however they are packed, from any offset on, in portions of any size', () => {
  fc.assert(
    fc.property(
      log,
      compression,
      fc.nat(60),
      fc.integer({ min: 1, max: 20 }),
      (batches, packed, from, most) => {
        let offset = 0;
        const all: (Sent & { offset: number })[] = [];
        const written = batches.map((sent) => {
          const batch = batchOf(offset, sent, { compression: packed });
          for (const one of sent) all.push({ ...one, offset: offset++ });
          return batch;
        });
        const parts = read(Buffer.concat(written), { from, most });
        const seen = parts.flatMap(({ records }) =>
          records.map(({ key, value, headers, timestamp, offset: at }) => ({
            ...{ key, value, timestamp, offset: at },
            headers: byName(Object.entries(headers).map(([name, text]) => [name, String(text)] as const)),
          })),
        );
        assert.deepEqual(
          seen,
          all
            .filter(({ offset: at }) => at >= from)
            .map(({ headers, ...sent }) => ({ ...sent, headers: byName(headers) })),
        );
        assert.ok(parts.every(({ records }) => records.length <= most));
        assert.equal(parts.at(-1)?.next ?? from, Math.max(from, offset));
        assert.equal(endOfBatches(Buffer.concat(written))?.offset, offset);
      },
    ),
  );
});

test('a batch that is cut off is left for the next fetch', () => {
  const whole = batchOf(0, [plain('a'), plain('b')]);
  const cut = batchOf(2, [plain('c')]).subarray(0, -1);
  for (const end of [0, 5, 12, cut.length]) {
    const fetched = Buffer.concat([whole, cut.subarray(0, end)]);
    assert.deepEqual(valuesOf(read(fetched)), ['a', 'b']);
    assert.equal(endOfBatches(fetched)?.offset, 2);
  }
  assert.equal(endOfBatches(cut)?.offset, undefined);
  assert.deepEqual(read(cut), []);
});

test('where the broker stamps records, its time is theirs', () => {
  const batch = batchOf(0, [plain('a'), plain('b')], { flags: APPEND_TIME });
  batch.writeBigInt64BE(BigInt(NOON + 7), AT.maxTimestamp);
  assert.deepEqual(
    read(batch).flatMap(({ records }) => records.map(({ timestamp }) => timestamp)),
    [NOON + 7, NOON + 7],
  );
});

test('what an aborted transaction wrote is not read, nor are the marks; what others wrote in between is', () => {
  const of = (offset: number, value: string, producerId: number) =>
    batchOf(offset, [plain(value)], { flags: TRANSACTIONAL, producerId });
  const fetched = Buffer.concat([
    of(0, 'committed', 1),
    mark(1, 1, 'commit'),
    of(2, 'aborted', 1),
    of(3, 'of another', 2),
    batchOf(4, [plain('without a transaction')]),
    of(5, 'aborted too', 1),
    mark(6, 1, 'abort'),
    of(7, 'committed after all', 1),
    mark(8, 2, 'commit'),
    mark(9, 1, 'commit'),
  ]);
  const aborted = [{ producerId: 1n, firstOffset: 2 }];
  const parts = read(fetched, { aborted });
  const expected = ['committed', 'of another', 'without a transaction', 'committed after all'];
  assert.deepEqual(valuesOf(parts), expected);
  // Behind the last mark, or there would always be a record that is yet to come.
  assert.equal(parts.at(-1)!.next, 10);
  assert.deepEqual(read(mark(0, 1, 'commit')), [{ records: [], next: 1, epoch: 0 }]);
});

test('headers of one name have all their values, and no name stands for what objects inherit', () => {
  const sent = { ...plain('a'), headers: [['constructor', 'x']] as const };
  const [part] = read(batchOf(0, [sent]));
  assert.deepEqual(
    Object.entries(part!.records[0]!.headers).map(([name, value]) => [name, String(value)]),
    [['constructor', 'x']],
  );
});

test('another format is refused and named', () => {
  const batch = batchOf(0, [plain('a')]);
  batch[AT.format] = 1;
  assert.throws(() => read(batch), /format 1/);
});

test('numbers of variable length are those that were written', () => {
  const number = fc.maxSafeInteger().filter((n) => Math.abs(n) < 2 ** 52);
  fc.assert(
    fc.property(fc.oneof(number, fc.integer({ min: -300, max: 300 })), (n) => {
      const reader = createByteReader(varintOf(n));
      assert.equal(reader.varint(), n);
      assert.equal(reader.at, reader.bytes.length);
    }),
  );
});
