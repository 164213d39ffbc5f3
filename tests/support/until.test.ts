import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from './until.ts';

test('what is seen is returned once it is as wanted', async () => {
  let looks = 0;
  assert.equal(
    await until(
      'a second look',
      () => ++looks,
      (seen) => seen === 2,
    ),
    2,
  );
});

test('a look that fails counts as not yet', async () => {
  let looks = 0;
  const look = async () => {
    if (++looks === 1) throw new Error('not there');
    return looks;
  };
  assert.equal(await until('a look that works', look, () => true), 2);
});

test('at the deadline it is told what was seen last', async () => {
  await assert.rejects(
    until(
      'the lag is gone',
      () => ({ lag: 7 }),
      ({ lag }) => lag === 0,
      0,
    ),
    { message: 'Not within 0 s: the lag is gone. Seen last: { lag: 7 }' },
  );
});
