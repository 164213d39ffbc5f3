import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOffsetCommitter } from './offset-committer.ts';

/** A committer whose commits wait until they are let through or refused. */
function committer(patienceMs?: number) {
  const asked: { offsets: Record<string, number>; answer: (error?: Error) => void }[] = [];
  const offsets = createOffsetCommitter(
    (given) =>
      new Promise<void>((resolve, reject) => {
        const answer = (error?: Error) => (error ? reject(error) : resolve());
        asked.push({ offsets: Object.fromEntries(given), answer });
      }),
    { debug: () => undefined },
    0,
    patienceMs,
  );
  return { asked, offsets };
}
const turn = () => new Promise(setImmediate);

test('of the offsets that come while a commit runs, the last of each partition is committed next', async () => {
  const { asked, offsets } = committer();
  offsets.note(0, 1);
  offsets.note(0, 2);
  offsets.note(1, 7);
  offsets.note(0, 3);
  assert.deepEqual(
    asked.map((one) => one.offsets),
    [{ 0: 1 }],
  );
  asked[0]!.answer();
  await turn();
  assert.deepEqual(asked[1]?.offsets, { 0: 3, 1: 7 });
  const flushed = offsets.flush();
  asked[1]!.answer();
  await flushed;
  assert.equal(asked.length, 2);
});

test('a commit that failed is tried again, with what is newer', async () => {
  const { asked, offsets } = committer();
  offsets.note(0, 1);
  offsets.note(1, 7);
  asked[0]!.answer();
  await turn();
  asked[1]!.answer(new Error('rebalance in progress'));
  await turn();
  assert.equal(asked.length, 2, 'not at once');
  offsets.note(0, 2);
  assert.deepEqual(asked[2]?.offsets, { 0: 2, 1: 7 });
  asked[2]!.answer();
});

test('a commit that never ends is given up, and made again with what is newer', async () => {
  const { asked, offsets } = committer(5);
  offsets.note(0, 1);
  offsets.note(1, 7);
  await offsets.flush();
  assert.equal(asked.length, 1, 'the flush ended with the commit that was given up');
  offsets.note(0, 2);
  assert.deepEqual(asked[1]?.offsets, { 0: 2, 1: 7 });
  asked[1]!.answer();
  asked[0]!.answer();
  await offsets.flush();
  assert.equal(asked.length, 2);
});

test('a flush tries again what failed before', async () => {
  const { asked, offsets } = committer();
  offsets.note(0, 1);
  asked[0]!.answer(new Error('no coordinator'));
  await turn();
  const flushed = offsets.flush();
  assert.deepEqual(asked[1]?.offsets, { 0: 1 });
  asked[1]!.answer();
  await flushed;
});

test('what was noted before the partitions went to another is not committed any more', async () => {
  const { asked, offsets } = committer();
  offsets.note(0, 1);
  offsets.note(0, 2);
  offsets.forget();
  asked[0]!.answer(new Error('not a member'));
  await turn();
  await offsets.flush();
  assert.equal(asked.length, 1);
});

test('commits rest between each other, what comes meanwhile goes together, and a flush does not wait', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const asked: Record<string, number>[] = [];
  const commit = async (given: ReadonlyMap<number, number>) => void asked.push(Object.fromEntries(given));
  const offsets = createOffsetCommitter(commit, { debug: () => undefined }, 1_000);
  offsets.note(0, 1);
  await turn();
  offsets.note(0, 2);
  offsets.note(1, 7);
  await turn();
  assert.deepEqual(asked, [{ 0: 1 }]);
  context.mock.timers.tick(1_000);
  await turn();
  assert.deepEqual(asked.slice(1), [{ 0: 2, 1: 7 }]);
  offsets.note(0, 3);
  await offsets.flush();
  assert.deepEqual(asked.slice(2), [{ 0: 3 }]);
});
