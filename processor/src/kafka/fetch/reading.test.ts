import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as tick } from 'node:timers/promises';
import { createRecordsBatch } from '@platformatic/kafka';
import type { Batch, BatchControl } from '../port.ts';
import type { FetchedPartition } from './fetch-request.ts';
import { createReading } from './reading.ts';

/** What a broker answers that has these offsets. */
function fetched(from: number, count: number): FetchedPartition {
  const messages = Array.from({ length: count }, (_, n) => ({
    topic: 'any',
    value: Buffer.from(`${from + n}`),
  }));
  const bytes = Buffer.from(createRecordsBatch(messages as never).buffer);
  bytes.writeBigInt64BE(BigInt(from), 0);
  return {
    ...{ topicId: 'some', partition: 0, error: 'NONE', end: 1_000, stable: 1_000 },
    ...{ aborted: [], bytes, divergence: undefined },
  };
}

const takeAll = async ({ next }: Batch, { resolve }: BatchControl) => resolve(next - 1);

/** A reading whose batches are noted, and taken by `handle`. */
function open(handle: (batch: Batch, control: BatchControl) => Promise<void> = takeAll, mostRecords = 10) {
  const seen: number[][] = [];
  const failures: unknown[] = [];
  let hungry = 0;
  const reading = createReading('transactions', 0, {
    mostRecords,
    mostParts: 2,
    onBatch: async (batch, control) => {
      seen.push(batch.records.map(({ offset }) => offset));
      await handle(batch, control);
    },
    onFailure: (error) => failures.push(error),
    onHungry: () => {
      hungry++;
    },
    retryMs: 1,
  });
  return { reading, seen, failures, hungry: () => hungry };
}
const settled = async (isSo: () => boolean) => {
  for (let turn = 0; !isSo(); turn++) {
    assert.ok(turn < 10_000, 'it does not come to that');
    await tick();
  }
};

test('nothing is wanted before it is sought and resumed', () => {
  const { reading } = open();
  assert.equal(reading.wanted(), undefined);
  reading.resume();
  assert.equal(reading.wanted(), undefined);
  reading.seek(3);
  assert.equal(reading.wanted(), 3);
  reading.pause();
  assert.equal(reading.wanted(), undefined);
});

test('batches come one at a time, in order and in portions, while what follows is fetched, and no more than that', async () => {
  const gates: (() => void)[] = [];
  const { reading, seen } = open(async (batch, control) => {
    await new Promise<void>((resolve) => gates.push(resolve));
    await takeAll(batch, control);
  }, 2);
  reading.seek(0);
  reading.resume();
  reading.take(0, fetched(0, 3));
  assert.equal(reading.wanted(), 3);
  reading.take(3, fetched(3, 1));
  assert.equal(reading.wanted(), undefined);
  for (let batch = 1; batch <= 3; batch++) {
    await settled(() => gates.length === batch);
    assert.equal(seen.length, batch);
    gates.at(-1)!();
  }
  await reading.idle();
  assert.deepEqual(seen, [[0, 1], [2], [3]]);
  assert.equal(reading.wanted(), 4);
});

test('paused amid an answer, it goes on there when it is resumed, without fetching again', async () => {
  const { reading, seen } = open(async (batch, control) => {
    if (seen.length === 1) reading.pause();
    await takeAll(batch, control);
  }, 2);
  reading.seek(0);
  reading.resume();
  reading.take(0, fetched(0, 6));
  await settled(() => seen.length === 1);
  await reading.idle();
  assert.deepEqual(seen, [[0, 1]]);
  reading.resume();
  await reading.idle();
  assert.deepEqual(seen, [
    [0, 1],
    [2, 3],
    [4, 5],
  ]);
});

test('sought amid a batch, what was fetched is dropped, and the batch knows that it is outdated', async () => {
  const current: boolean[] = [];
  const { reading, seen } = open(async (batch, control) => {
    if (seen.length === 1) reading.seek(40);
    current.push(control.isCurrent());
    await takeAll(batch, control);
  }, 2);
  reading.seek(0);
  reading.resume();
  reading.take(0, fetched(0, 6));
  await settled(() => seen.length === 1);
  await reading.idle();
  assert.equal(reading.wanted(), 40);
  reading.take(6, fetched(6, 1));
  reading.take(40, fetched(40, 1));
  await reading.idle();
  assert.deepEqual(seen, [[0, 1], [40]]);
  assert.deepEqual(current, [false, true]);
});

test('records that were not taken are fetched again', async () => {
  const { reading, seen, hungry } = open(async (batch, control) => {
    if (seen.length === 1) control.resolve(1);
    else await takeAll(batch, control);
  });
  reading.seek(0);
  reading.resume();
  reading.take(0, fetched(0, 4));
  await settled(() => hungry() === 1);
  assert.equal(reading.wanted(), 2);
  reading.take(2, fetched(0, 4));
  await reading.idle();
  assert.deepEqual(seen, [
    [0, 1, 2, 3],
    [2, 3],
  ]);
  assert.equal(reading.wanted(), 4);
});

test('a batch that fails is told of and fetched again', async () => {
  const { reading, seen, failures, hungry } = open(async (batch, control) => {
    if (seen.length === 1) throw new Error('away');
    await takeAll(batch, control);
  });
  reading.seek(0);
  reading.resume();
  reading.take(0, fetched(0, 2));
  await settled(() => hungry() === 1);
  assert.match(String(failures), /away/);
  reading.take(0, fetched(0, 2));
  await reading.idle();
  assert.deepEqual(seen, [
    [0, 1],
    [0, 1],
  ]);
});

test('once it is assigned to another, it reads nothing until it is sought again', async () => {
  const { reading, seen } = open();
  reading.seek(0);
  reading.resume();
  reading.unassign();
  reading.take(0, fetched(0, 2));
  reading.resume();
  assert.equal(reading.wanted(), undefined);
  await reading.idle();
  assert.deepEqual(seen, []);
});
