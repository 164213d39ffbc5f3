import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CONTROL, HAS_DELETE_HORIZON, handmadeBatch, TRANSACTIONAL } from '../../testing/record-batches.ts';
import type { AbortedTransaction } from './fetch-request.ts';
import { endOfBatches, readRecords } from './record-batches.ts';

interface Seen {
  readonly offset: number;
  readonly value: string;
}
const read = (bytes: Buffer, from: number, aborted: readonly AbortedTransaction[] = [], most = 500) => [
  ...readRecords(bytes, { from, most, aborted }),
];
const recordsOf = (parts: ReturnType<typeof read>): Seen[] =>
  parts.flatMap(({ records }) => records.map(({ offset, value }) => ({ offset, value: String(value) })));
const emptiedMark = (offset: number, producerId: number) =>
  handmadeBatch({ firstOffset: offset, lastOffset: offset, flags: TRANSACTIONAL | CONTROL, producerId }, []);
const one = (offset: number, value: string, producerId?: number) =>
  handmadeBatch(
    {
      firstOffset: offset,
      lastOffset: offset,
      ...(producerId === undefined ? {} : { flags: TRANSACTIONAL, producerId }),
    },
    [{ offset, value }],
  );

test('a mark that the log cleaner has emptied is passed over, and what comes behind it is read', () => {
  const bytes = Buffer.concat([one(0, 'a'), emptiedMark(5, 7), one(6, 'b')]);
  for (const aborted of [[], [{ producerId: 7n, firstOffset: 5 }]]) {
    assert.deepEqual(recordsOf(read(bytes, 0, aborted)), [
      { offset: 0, value: 'a' },
      { offset: 6, value: 'b' },
    ]);
  }
  assert.deepEqual(read(emptiedMark(5, 7), 0), [{ records: [], next: 6, epoch: 0 }]);
  assert.equal(endOfBatches(emptiedMark(5, 7))?.offset, 6);
});

test('an aborted transaction ends at its mark, also when the mark was emptied or lies before the position', () => {
  const bytes = Buffer.concat([
    one(0, 'aborted', 7),
    emptiedMark(2, 7),
    one(3, 'committed', 7),
    emptiedMark(5, 7),
  ]);
  const aborted = [{ producerId: 7n, firstOffset: 0 }];
  for (const from of [0, 1, 2, 3]) {
    const parts = read(bytes, from, aborted);
    assert.deepEqual(recordsOf(parts), [{ offset: 3, value: 'committed' }]);
    assert.equal(parts.at(-1)!.next, 6);
  }
});

test('a batch whose records are all gone is passed, whatever it says of its compression', () => {
  const gone = handmadeBatch({ firstOffset: 3, lastOffset: 9, flags: 0b001 }, []);
  const parts = read(Buffer.concat([one(0, 'a'), gone]), 0);
  assert.deepEqual(recordsOf(parts), [{ offset: 0, value: 'a' }]);
  assert.equal(parts.at(-1)!.next, 10);
});

test('where a batch says when its tombstones may go, the times of its records are counted from there', () => {
  const batch = handmadeBatch(
    { firstOffset: 0, lastOffset: 0, flags: HAS_DELETE_HORIZON, baseTimestamp: 90_000 },
    [{ offset: 0, value: 'a', timestamp: 20_000 }],
  );
  assert.deepEqual(
    read(batch, 0).flatMap(({ records }) => records.map(({ timestamp }) => timestamp)),
    [20_000],
  );
});

test('a batch of an impossible length is refused and does not keep the process busy for ever', () => {
  for (const length of [-12, 0, 48]) {
    const batch = one(0, 'a');
    batch.writeInt32BE(length, 8);
    assert.throws(() => read(batch, 0), new RegExp(`impossible length, ${length}`));
    assert.throws(() => endOfBatches(batch), /impossible length/);
  }
});

interface Step {
  readonly producer: number;
  readonly kind: 'plain' | 'write' | 'commit' | 'abort';
  /** Of each record of the batch, whether the log cleaner has left it. */
  readonly kept: readonly boolean[];
  /** The log cleaner has removed the whole batch, or left it without content. */
  readonly cleaned: 'no' | 'emptied' | 'removed';
}
const step: fc.Arbitrary<Step> = fc.record({
  producer: fc.integer({ min: 1, max: 3 }),
  kind: fc.constantFrom('plain', 'write', 'commit', 'abort'),
  kept: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
  cleaned: fc.constantFrom('no', 'no', 'no', 'emptied', 'removed'),
});

/** A cleaned log of several producers, with the transactions that a broker names as aborted, and what is to be read. */
function aLog(steps: readonly Step[]) {
  const batches: Buffer[] = [];
  const aborted: AbortedTransaction[] = [];
  const visible: Seen[] = [];
  const open = new Map<number, { first: number; written: Seen[] }>();
  let end = 0;
  const add = ({ kept, cleaned }: Step, flags: number, producerId: number): Seen[] => {
    const firstOffset = end;
    end += kept.length;
    if (cleaned === 'removed') return [];
    const left = cleaned === 'emptied' ? [] : kept.flatMap((isKept, n) => (isKept ? [firstOffset + n] : []));
    const records = left.map((offset) => ({ offset, value: `${producerId}/${offset}` }));
    batches.push(handmadeBatch({ firstOffset, lastOffset: end - 1, flags, producerId }, records));
    return records;
  };
  const finish = (producer: number, kind: 'commit' | 'abort', isEmptied: boolean) => {
    const transaction = open.get(producer);
    if (!transaction) return;
    open.delete(producer);
    if (kind === 'commit') visible.push(...transaction.written);
    else aborted.push({ producerId: BigInt(producer), firstOffset: transaction.first });
    const head = { firstOffset: end, lastOffset: end, flags: TRANSACTIONAL | CONTROL, producerId: producer };
    batches.push(handmadeBatch(head, isEmptied ? [] : [{ offset: end, value: 'mark' }]));
    end++;
  };
  for (const each of steps) {
    const { producer, kind, cleaned } = each;
    if (kind === 'plain') visible.push(...add(each, 0, -1));
    else if (kind === 'write') {
      const first = open.get(producer)?.first ?? end;
      const written = open.get(producer)?.written ?? [];
      open.set(producer, { first, written: [...written, ...add(each, TRANSACTIONAL, producer)] });
    } else finish(producer, kind, cleaned !== 'no');
  }
  // A broker hands out nothing of transactions that are open.
  for (const producer of open.keys()) finish(producer, 'commit', false);
  visible.sort((a, b) => a.offset - b.offset);
  return { bytes: Buffer.concat(batches), aborted, visible, end };
}

test('of a log that was cleaned anyhow, what was committed is read, from any offset on and in portions of any size', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 25 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 1, max: 6 }),
      (steps, where, most) => {
        const { bytes, aborted, visible, end } = aLog(steps);
        const from = Math.floor(where * end);
        const wanted = visible.filter(({ offset }) => offset >= from);
        const parts = read(bytes, from, aborted, most);
        assert.deepEqual(recordsOf(parts), wanted);
        // Resumed behind any portion, in the same answer, it goes on as if it had never stopped.
        for (const [index, { next }] of parts.entries()) {
          assert.deepEqual(recordsOf(read(bytes, next, aborted, most)), recordsOf(parts.slice(index + 1)));
        }
      },
    ),
    { numRuns: 500 },
  );
});
