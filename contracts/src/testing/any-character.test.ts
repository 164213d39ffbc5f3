import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ANY_CHARACTER } from './any-character.ts';

test('each is one character, and no half of a pair', () => {
  fc.assert(
    fc.property(ANY_CHARACTER, (character) => {
      assert.equal([...character].length, 1);
      assert.ok(character.isWellFormed());
    }),
  );
});

test('every character can come, and nothing else', () => {
  const canCome = (value: unknown) => ANY_CHARACTER.canShrinkWithoutContext(value);
  for (const point of [0, 0x41, 0xd7ff, 0xe000, 0xffff, 0x1_0000, 0x10_ffff])
    assert.ok(canCome(String.fromCodePoint(point)), point.toString(16));
  for (const other of ['', 'ab', '\ud800', '\udfff', 7]) assert.ok(!canCome(other), String(other));
});
