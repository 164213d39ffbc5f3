import assert from 'node:assert/strict';
import { test } from 'node:test';
import { looksPersonal } from './looks-personal.ts';

test('e-mail addresses and numbers of cards are known, whatever stands around them', () => {
  for (const text of [
    'jane@roe.example',
    'order of jane@roe.example, today',
    '4111111111111111',
    '5500-0000-0000-0004',
    'card 3782 822463 10005.',
  ])
    assert.ok(looksPersonal(text), text);
});

test('ids and names that are neither are none', () => {
  for (const text of [
    '',
    'o-1',
    'Bags @ Home',
    'a@b',
    '4111111111111112',
    '1767268798500',
    '123456789012',
    'é'.repeat(200),
  ])
    assert.ok(!looksPersonal(text), text);
});
