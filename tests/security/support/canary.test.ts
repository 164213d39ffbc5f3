import assert from 'node:assert/strict';
import { test } from 'node:test';
import { looksPersonal } from '@storepulse/contracts';
import { canariesIn, canaryOf } from './canary.ts';

test('a canary looks as real ones do, and is found wherever it is', () => {
  for (const n of [0, 1, 999, 1_234_567]) {
    const { email, card } = canaryOf(n);
    assert.ok(looksPersonal(email) && looksPersonal(card), `${email} ${card}`);
    assert.equal(canariesIn(`{"a":"${email}","b":["${card}"]}`).length, 2);
  }
  assert.deepEqual(canariesIn('4111111111111111 jane@roe.example'), []);
});
