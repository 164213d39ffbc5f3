import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askTogether } from './ask-together.ts';

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
