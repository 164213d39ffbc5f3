import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import fc from 'fast-check';
import { type CreateProduce, type Encoder, leanProduceOf, type ProduceRequest } from './lean-produce.ts';

const load = createRequire(import.meta.url);
const original = load('kafkajs/src/protocol/requests/produce/v3/request') as CreateProduce;
const Writer = load('kafkajs/src/protocol/encoder') as new () => Encoder;
const lean = leanProduceOf(original, Writer);
const Long = load('kafkajs/src/utils/long') as { fromValue(value: string): unknown };

const content = fc.oneof(
  fc.string({ maxLength: 100 }),
  fc.string({ unit: 'grapheme', maxLength: 9_000 }),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.constant(null),
);
const messages = fc
  .array(
    fc.record({ key: content, value: content, time: fc.integer({ min: 10 ** 12, max: 2 * 10 ** 12 }) }),
    { minLength: 1, maxLength: 20 },
  )
  // kafkajs takes the earliest for the first; ours writes the first one's as it comes.
  .map((all) =>
    all
      .sort((a, b) => a.time - b.time)
      .map(({ key, value, time }) => ({ key, value, timestamp: String(time) })),
  );
const partitions = fc.uniqueArray(
  fc.record({ partition: fc.nat(500), firstSequence: fc.nat(2 ** 31 - 1), messages }),
  { minLength: 1, maxLength: 3, selector: ({ partition }) => partition },
);
const topicData = fc.array(fc.record({ topic: fc.stringMatching(/^[a-z-]{1,20}$/), partitions }), {
  minLength: 1,
  maxLength: 2,
});
const identity = fc.oneof(
  fc.constant({}),
  fc.record({
    producerId: fc.bigInt({ min: 0n, max: 2n ** 62n }).map((id) => Long.fromValue(String(id))),
    producerEpoch: fc.nat(32_000),
    transactionalId: fc.oneof(fc.constant(null), fc.string({ minLength: 1, maxLength: 40 })),
  }),
);

/** Without the epoch of the partition's leader, which a producer does not know and a broker writes anew. */
async function bytesOf(create: CreateProduce, request: ProduceRequest): Promise<Buffer> {
  const bytes = Buffer.from((await create(request).encode()).buffer);
  for (let at = bytes.indexOf(MAGIC); at >= 0; at = bytes.indexOf(MAGIC, at + 1)) bytes.fill(0, at, at + 4);
  return bytes;
}
/** That epoch, as ours writes it, and the format's number. */
const MAGIC = Buffer.from([0xff, 0xff, 0xff, 0xff, 2]);

test('a request has the bytes that kafkajs gives it', async () => {
  const requests = fc.record({ topicData, identity });
  await fc.assert(
    fc.asyncProperty(requests, async ({ topicData, identity }) => {
      const request = { acks: -1, timeout: 30_000, topicData, ...identity };
      assert.deepEqual(await bytesOf(lean, request), await bytesOf(original, request));
    }),
    { numRuns: 50 },
  );
});

test('messages with headers are left to kafkajs', async () => {
  const message = { key: 'k', value: 'v', headers: { reason: 'not-json' }, timestamp: '1700000000000' };
  const topicData = [{ topic: 'dead-letter', partitions: [{ partition: 0, messages: [message] }] }];
  const { buffer } = await lean({ acks: -1, timeout: 1_000, topicData }).encode();
  assert.ok(buffer.includes('not-json'));
});
