import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pino } from 'pino';
import { createFurtherWindows, restAfter } from './further.ts';

const logger = pino({ level: 'silent' });

/** Further windows whose merges are noted; `untilIdle` waits until none is left. */
function fixture(merge: (windows: readonly string[]) => Promise<void> = async () => undefined) {
  const goes: (readonly string[])[] = [];
  let idle = Promise.withResolvers<void>();
  const further = createFurtherWindows({
    merge: async (windows) => {
      goes.push(windows);
      await merge(windows);
    },
    onMerged: () => {
      if (further.size === 0) idle.resolve();
    },
    logger,
  });
  return {
    further,
    goes,
    untilIdle: async () => {
      await idle.promise;
      idle = Promise.withResolvers();
    },
  };
}

const until = async (isSo: () => boolean) => {
  for (const deadline = Date.now() + 10_000; !isSo(); ) {
    assert.ok(Date.now() < deadline, 'it does not come to that');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
};
const named = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => ({ id: `window ${from + n}`, offset: 100 + from + n }));

test('windows wait in order and are merged a few at a time, each once however often it is named', async () => {
  const { further, goes, untilIdle } = fixture();
  further.add(0, [...named(0, 40), ...named(0, 40)], undefined);
  await untilIdle();
  assert.deepEqual(
    goes.map(({ length }) => length),
    [32, 8],
  );
  assert.deepEqual(
    goes.flat(),
    named(0, 40).map(({ id }) => id),
  );
  await further.stop();
});

test('a go takes windows of as many partitions as have them', async () => {
  // With a rest behind each partition, of hundreds one would have its turn every few minutes.
  const first = Promise.withResolvers<void>();
  const together: number[] = [];
  const { further, goes } = fixture(async () => {
    if (goes.length === 1) return await first.promise;
    await new Promise(setImmediate);
    together.push(goes.length - 1);
  });
  const partitions = [...Array(21).keys()];
  for (const partition of partitions)
    further.add(partition, [{ id: `window of ${partition}`, offset: 1 }], undefined);
  first.resolve();
  await until(() => further.resumeAt(20, 2) === 2);
  assert.deepEqual(
    together,
    partitions.slice(1).map(() => 20),
  );
  await further.stop();
});

test('of several partitions only the one that could not be merged waits on', async () => {
  let isAway = true;
  const { further, goes } = fixture(async ([window]) => {
    if (window === 'window 1' && isAway) throw new Error('no leader');
  });
  further.add(0, named(0, 1), undefined);
  further.add(1, named(1, 2), undefined);
  await until(() => goes.length === 2);
  assert.deepEqual([further.resumeAt(0, 500), further.resumeAt(1, 500)], [500, 101]);
  isAway = false;
  await until(() => further.resumeAt(1, 500) === 500);
  assert.deepEqual(goes, [['window 0'], ['window 1'], ['window 1']]);
  await further.stop();
});

test('reading begins again with the first notice whose window is not merged, also while it is being merged', async () => {
  const gate = Promise.withResolvers<void>();
  const { further, untilIdle } = fixture(() => gate.promise);
  assert.equal(further.resumeAt(0, 500), 500);
  further.add(0, named(7, 9), undefined);
  assert.deepEqual([further.resumeAt(0, 500), further.resumeAt(1, 500)], [107, 500]);
  // It is taken out, and not done.
  await new Promise(setImmediate);
  assert.deepEqual([further.size, further.resumeAt(0, 500)], [0, 107]);
  gate.resolve();
  await untilIdle();
  assert.equal(further.resumeAt(0, 500), 500);
  await further.stop();
});

test('what could not be merged waits on, and is merged later', async () => {
  let failures = 1;
  const { further, goes, untilIdle } = fixture(async () => {
    if (failures-- > 0) throw new Error('MongoDB is away');
  });
  further.add(0, named(0, 2), undefined);
  await untilIdle();
  assert.equal(goes.length, 2);
  assert.deepEqual(goes[1], ['window 0', 'window 1']);
  assert.equal(further.resumeAt(0, 500), 500);
  await further.stop();
});

test('whatever comes while others are merged, every window is merged after its last notice', async () => {
  const batch = fc.record({
    partition: fc.nat(2),
    ids: fc.array(fc.nat(60), { minLength: 1, maxLength: 50 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 6 }), async (batches) => {
      let step = 0;
      const noticedAt = new Map<string, number>();
      const mergedAt = new Map<string, number>();
      const { further } = fixture(async (windows) => {
        const began = ++step;
        await new Promise(setImmediate);
        for (const id of windows) mergedAt.set(id, began);
      });
      for (const [n, { partition, ids }] of batches.entries()) {
        const windows = ids.map((id) => ({ id: `${partition} ${id}`, offset: n * 100 }));
        for (const { id } of windows) noticedAt.set(id, ++step);
        further.add(partition, windows, undefined);
        assert.ok(further.resumeAt(partition, n * 100 + 1) <= n * 100);
        await new Promise(setImmediate);
      }
      const isMerged = () => [...noticedAt].every(([id, at]) => (mergedAt.get(id) ?? 0) > at);
      const deadline = Date.now() + 5_000;
      while (!isMerged() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 1));
      assert.ok(isMerged());
      await further.stop();
    }),
    { numRuns: 30 },
  );
});

test('after a go others have four times its duration, but an outage in the middle of it is no reason to rest', () => {
  assert.equal(restAfter(100, 10), 400);
  // MongoDB was cut off for 7 s: half a minute of rest would follow, and the notices could not be done with.
  assert.equal(restAfter(7_000, 10), 2_000);
  assert.equal(restAfter(100, 60_000), 0);
});
