import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatherCalls } from './gather.ts';

/** Calls that last until they are let go. */
function openCalls() {
  const calls: { readonly all: readonly number[]; readonly end: (error?: Error) => void }[] = [];
  const call = gatherCalls<number>(
    (all) =>
      new Promise((resolve, reject) => {
        calls.push({ all: [...all], end: (error) => (error ? reject(error) : resolve()) });
      }),
  );
  const turn = async () => {
    for (let n = 0; n < 3; n++) await new Promise(setImmediate);
  };
  return { calls, call, turn };
}

test('what is asked for in one turn, or while a call runs, is one call', async () => {
  const { calls, call, turn } = openCalls();
  const first = [call(1), call(2)];
  await turn();
  const second = [call(3)];
  await turn();
  second.push(call(4));
  await turn();
  assert.deepEqual(
    calls.map(({ all }) => all),
    [[1, 2]],
  );
  calls[0]!.end();
  await Promise.all(first);
  await turn();
  assert.deepEqual(
    calls.map(({ all }) => all),
    [
      [1, 2],
      [3, 4],
    ],
  );
  calls[1]!.end();
  await Promise.all(second);
});

test('a call that fails fails for those that it was made for, and the next one is made all the same', async () => {
  const { calls, call, turn } = openCalls();
  const first = [call(1), call(2)];
  await turn();
  const second = call(3);
  calls[0]!.end(new Error('away'));
  for (const one of first) await assert.rejects(one, /away/);
  await turn();
  calls[1]!.end();
  await second;
});
