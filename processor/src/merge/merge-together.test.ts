import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeTogether } from './merge-together.ts';

/** A merger that notes what it was asked for, and knows all windows but `gone`. */
function merger() {
  const asked: (readonly string[])[] = [];
  const merge = async (windows: readonly string[]) => {
    asked.push(windows);
    if (windows.includes('bad')) throw new Error('MongoDB is away');
    return windows.filter((window) => window !== 'gone').map((key) => ({ key, value: `merged ${key}` }));
  };
  return { asked, merge: mergeTogether(merge, 4) };
}
const keys = (records: readonly { key: unknown }[]) => records.map(({ key }) => key);

test('what is asked for in one turn is merged at once, a window once, and each gets its own', async () => {
  const { asked, merge } = merger();
  const answers = await Promise.all([merge(['a', 'b']), merge(['b', 'gone'])]);
  assert.deepEqual(asked, [['a', 'b', 'gone']]);
  assert.deepEqual(answers.map(keys), [['a', 'b'], ['b']]);
});

test('no merge is larger than it may be, unless one asks for more', async () => {
  const { asked, merge } = merger();
  await Promise.all([merge(['a', 'b', 'c']), merge(['d', 'e']), merge(['f', 'g', 'h', 'i', 'j'])]);
  assert.deepEqual(asked, [
    ['a', 'b', 'c'],
    ['d', 'e'],
    ['f', 'g', 'h', 'i', 'j'],
  ]);
});

test('a merge that fails fails for all who asked for it, and for nobody after them', async () => {
  const { merge } = merger();
  const [one, other] = await Promise.allSettled([merge(['a']), merge(['bad'])]);
  assert.deepEqual([one?.status, other?.status], ['rejected', 'rejected']);
  assert.deepEqual(keys(await merge(['a'])), ['a']);
});
