import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeSince } from './retained-log.ts';

const NOW = Date.UTC(2026, 6, 1);
const MARGIN = 35 * 60_000;

/** Partitions of one topic: the offset of the first record left, and the times of those from there on. */
function aLog(...partitions: { low: number; times: readonly number[] }[]) {
  return {
    bounds: async () =>
      partitions.map(({ low, times }, partition) => ({ partition, low, high: low + times.length })),
    offsetsAt: async (_topic: string, timestamp: number) =>
      new Map(
        partitions.map(({ low, times }, partition) => {
          const index = times.findIndex((time) => time >= timestamp);
          return [partition, low + (index < 0 ? times.length : index)];
        }),
      ),
  };
}

test('a log that has lost nothing is complete from the beginning', async () => {
  assert.equal(await completeSince(aLog({ low: 0, times: [NOW - 9_000] }), ['transactions'], NOW), 0);
});

test('the partition that has lost most decides: from its first record on, and a margin', async () => {
  const log = aLog(
    { low: 0, times: [NOW - 9_000_000] },
    { low: 12, times: [NOW - 7_000_000, NOW - 50] },
    { low: 3, times: [NOW - 8_000_000] },
  );
  assert.equal(await completeSince(log, ['transactions'], NOW), NOW - 7_000_000 + MARGIN);
});

test('a log that has lost everything is complete from now on, and a margin', async () => {
  assert.equal(await completeSince(aLog({ low: 5, times: [] }), ['transactions'], NOW), NOW + MARGIN);
});
