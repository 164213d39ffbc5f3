import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32c, Reader, readRecordsBatch } from '@platformatic/kafka';
import fc from 'fast-check';
import { type BatchRecord, createRecordBatch } from './record-batch.ts';

const IDENTITY = { producerId: 4_711n, producerEpoch: 3, sequence: 12 };
const NOON = Date.UTC(2026, 0, 5, 12);

/** What a Kafka client reads in an encoded batch. */
function read(bytes: Buffer) {
  const { records, ...head } = readRecordsBatch(Reader.from(Buffer.from(bytes)));
  return {
    ...head,
    records: records.map(({ key, value, headers, timestampDelta }) => ({
      key: String(key),
      value: String(value),
      headers: Object.fromEntries(headers.map(([name, text]) => [String(name), String(text)])),
      timestamp: Number(head.firstTimestamp + timestampDelta),
    })),
  };
}

const text = fc.oneof(
  fc.string({ maxLength: 100 }),
  fc.string({ unit: 'grapheme', maxLength: 100 }),
  fc.string({ minLength: 4_000, maxLength: 10_000 }),
);
const plain = { noNullPrototype: true };
const name = fc.string({ unit: 'grapheme-ascii', minLength: 1 });
const time = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) });
const stamped = fc.record(
  { key: text, value: text, headers: fc.dictionary(name, text, plain), timestamp: time },
  plain,
);

test('a client reads in a batch what was put into it, whatever the lengths, alphabets and times', () => {
  const batch = createRecordBatch(crc32c);
  fc.assert(
    fc.property(fc.array(stamped, { minLength: 1, maxLength: 20 }), (records) => {
      batch.clear();
      for (const record of records) batch.add(record, record.timestamp);
      assert.deepEqual(read(batch.encode(IDENTITY)).records, records);
    }),
  );
});

test('the head says who sent it, how many records there are, and the times of the first and of the latest', () => {
  const batch = createRecordBatch(crc32c);
  const record: BatchRecord = { key: 'k', value: '{}', headers: {} };
  for (const offset of [0, 5_000, -2_000]) batch.add(record, NOON + offset);
  const { producerId, producerEpoch, firstSequence, lastOffsetDelta, firstTimestamp, maxTimestamp, magic } =
    read(batch.encode(IDENTITY));
  assert.deepEqual(
    [producerId, producerEpoch, firstSequence, lastOffsetDelta, firstTimestamp, maxTimestamp, magic],
    [4_711n, 3, 12, 2, BigInt(NOON), BigInt(NOON + 5_000), 2],
  );
});

test('after clear, nothing of the records before is left', () => {
  const batch = createRecordBatch(crc32c);
  batch.add({ key: 'long'.repeat(5_000), value: 'long'.repeat(50_000), headers: { h: 'x' } }, NOON);
  batch.clear();
  batch.add({ key: 'k', value: 'v', headers: {} }, NOON + 1);
  assert.equal(batch.count, 1);
  assert.deepEqual(read(batch.encode(IDENTITY)).records, [
    { key: 'k', value: 'v', headers: {}, timestamp: NOON + 1 },
  ]);
});

test('keys and values may be bytes, and may be none', () => {
  const batch = createRecordBatch(crc32c);
  batch.add({ key: Buffer.from('schön'), value: null, headers: {} }, NOON);
  batch.add({ key: null, value: new Uint8Array([0x7b, 0x7d]), headers: {} }, NOON);
  const { records } = readRecordsBatch(Reader.from(Buffer.from(batch.encode(IDENTITY))));
  assert.deepEqual(
    records.map(({ key, value }) => [key?.toString() ?? null, value?.toString() ?? null]),
    [
      ['schön', null],
      [null, '{}'],
    ],
  );
});
