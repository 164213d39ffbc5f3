import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askTogether, atMost } from './ask-together.ts';

test('what is asked in one turn is one question by its keys; what is asked later is asked anew', async () => {
  const asked: string[] = [];
  const ask = askTogether(async (keys: readonly string[]) => {
    asked.push(keys.join());
    return asked.length;
  });
  assert.deepEqual(await Promise.all([ask(['a', 'b']), ask(['a', 'b']), ask(['c'])]), [1, 1, 2]);
  assert.equal(await ask(['a', 'b']), 3);
  assert.deepEqual(asked, ['a,b', 'c', 'a,b']);
});

test('a question is not answered by what was found out before it', async () => {
  let known = 1;
  const { promise: answering, resolve: answer } = Promise.withResolvers<void>();
  const ask = askTogether(async (_: readonly string[]) => {
    const found = known;
    await answering;
    return found;
  });
  const first = ask(['a']);
  await new Promise((resolve) => setImmediate(resolve));
  known = 2;
  const second = ask(['a']);
  answer();
  assert.deepEqual(await Promise.all([first, second]), [1, 2]);
});

test('everybody who has asked is told why there is no answer', async () => {
  const ask = askTogether(() => Promise.reject(new Error('no broker')));
  const told = await Promise.allSettled([ask(['a']), ask(['a'])]);
  assert.deepEqual(
    told.map((each) => each.status === 'rejected' && (each.reason as Error).message),
    ['no broker', 'no broker'],
  );
});

test('no more calls run at the same time than may, in their order, and one that fails gives its place up', async () => {
  let running = 0;
  let most = 0;
  const began: number[] = [];
  const call = atMost(3, async (n: number) => {
    began.push(n);
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    if (n % 2 === 0) throw new Error(`${n}`);
    return n;
  });
  const numbers = [...Array(20).keys()];
  const ended = await Promise.allSettled(numbers.map((n) => call(n)));
  assert.equal(most, 3);
  assert.deepEqual(began, numbers);
  assert.deepEqual(
    ended.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])),
    numbers.filter((n) => n % 2 === 1),
  );
});
