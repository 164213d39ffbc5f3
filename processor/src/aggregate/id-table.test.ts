import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createIdTable } from './id-table.ts';

// Few different numbers, so that halves and places collide.
const half = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom(64, 128, 0xffffffff));

test('the table answers like a set, also for colliding and zero hashes and while it grows', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(half, half), { maxLength: 300 }), (hashes) => {
      const table = createIdTable(0);
      const seen = new Set<string>();
      for (const [high, low] of hashes) {
        // The hash zero shares its place with 0:1: a chance of 2^-64 that the table accepts.
        const name = high === 0 && low === 0 ? '0:1' : `${high}:${low}`;
        assert.equal(table.has(high, low), seen.has(name));
        assert.equal(table.add(high, low), !seen.has(name));
        seen.add(name);
      }
      assert.equal(table.size, seen.size);
    }),
  );
});
