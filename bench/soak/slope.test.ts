import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slopeOf } from './slope.ts';

test('a line has its slope, and no margin', () => {
  const points = Array.from({ length: 100 }, (_, x) => [x, 7 + 3 * x] as const);
  const { slope, margin, mean } = slopeOf(points, 10);
  assert.ok(Math.abs(slope - 3) < 1e-9);
  assert.ok(margin < 1e-6);
  assert.ok(Math.abs(mean - 155.5) < 1e-9);
});

test('a saw that does not rise is not told to, and its margin holds 0', () => {
  const points = Array.from({ length: 120 }, (_, x) => [x, 100 + ((x * 7) % 23)] as const);
  const { slope, margin } = slopeOf(points, 10);
  assert.ok(Math.abs(slope) <= margin);
});
