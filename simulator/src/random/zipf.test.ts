import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zipfExponent, zipfTopShare } from './zipf.ts';

test('the exponent gives the top tenth the share that was asked for', () => {
  for (const share of [0.2, 0.455, 0.8]) {
    const exponent = zipfExponent(400, share);
    assert.ok(Math.abs(zipfTopShare(400, 40, exponent) - share) < 1e-6);
  }
});
