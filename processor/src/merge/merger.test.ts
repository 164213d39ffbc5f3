import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { partsOf } from './merger.ts';

test('no query asks for more than 10,000 ids but for one window of more tasks; none is left out and none moved', () => {
  const tasks = fc.integer({ min: 1, max: 15_000 });
  fc.assert(
    fc.property(fc.array(tasks, { maxLength: 60 }), (counts) => {
      const windows = counts.map((count, id) => ({ id, tasks: new Array<string>(count).fill('facts/0') }));
      const parts = partsOf(windows);
      assert.deepEqual(parts.flat(), windows);
      for (const part of parts) {
        const ids = part.reduce((sum, window) => sum + window.tasks.length, 0);
        assert.ok(part.length === 1 || ids <= 10_000, `${part.length} windows, ${ids} ids`);
      }
    }),
    { numRuns: 100 },
  );
});
