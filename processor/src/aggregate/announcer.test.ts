import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Resolution } from '@storepulse/contracts';
import fc from 'fast-check';
import { createAnnouncer } from './announcer.ts';

const PERIOD_MS = 4_000;
const NOON = Date.UTC(2026, 0, 1, 12);

function open() {
  let now = NOON;
  const sent: string[][] = [];
  const announcer = createAnnouncer({
    sender: { send: async (_topic, records) => void sent.push(records.map(({ key }) => String(key))) },
    task: 'facts/0',
    publishedSeq: 0,
    periodMs: PERIOD_MS,
    now: () => now,
  });
  let seq = 0;
  return {
    ...announcer,
    sent,
    pass: (ms: number) => {
      now += ms;
    },
    commit: (...windows: readonly [string, Resolution][]) =>
      announcer.announce(
        { seq: ++seq, at: undefined, ofBacklog: false },
        windows.map(([id, resolution]) => [id, { ref: { resolution } }] as const),
      ),
  };
}

test('fine windows are announced with every commit, a coarse one with the first of a period', async () => {
  const { commit, pass, sent, publishedSeq, dueAt } = open();
  await commit(['10s', '10s'], ['all', 'all']);
  pass(1_000);
  await commit(['10s', '10s'], ['all', 'all'], ['1h', '1h']);
  pass(1_000);
  await commit(['10s', '10s'], ['1h', '1h']);
  assert.deepEqual(sent, [['10s', 'all'], ['10s', '1h'], ['10s']]);
  assert.equal(publishedSeq(), 1);
  assert.equal(dueAt(), NOON + PERIOD_MS);
});

test('what was held back goes with the first commit of the next period, once', async () => {
  const { commit, pass, sent, publishedSeq, dueAt } = open();
  await commit(['all', 'all']);
  await commit(['all', 'all']);
  pass(PERIOD_MS);
  await commit(['all', 'all'], ['10s', '10s']);
  assert.deepEqual(sent, [['all'], ['all', '10s']]);
  assert.equal(publishedSeq(), 3);
  assert.equal(dueAt(), undefined);
});

test('without a further commit it is announced by itself', async () => {
  const { commit, flush, sent, publishedSeq } = open();
  await commit(['1d', '1d']);
  await commit(['1d', '1d']);
  await flush();
  assert.deepEqual(sent, [['1d'], ['1d']]);
  assert.equal(publishedSeq(), 2);
});

test('every change is announced at or after its commit, and until then no commit behind it counts as published', async () => {
  const resolutions = ['10s', '1h', 'all'] as const;
  const steps = fc.array(
    fc.record({
      windows: fc.uniqueArray(fc.constantFrom(...resolutions), { minLength: 1 }),
      pass: fc.constantFrom(0, 500, 3_000, 9_000),
    }),
    { maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      const { commit, pass, sent, publishedSeq, flush } = open();
      /** The last commit that changed each window, and the last one that its announcements tell of. */
      const changed = new Map<string, number>();
      const told = new Map<string, number>();
      for (const [index, { windows, pass: ms }] of steps.entries()) {
        const seq = index + 1;
        for (const window of windows) changed.set(window, seq);
        await commit(...windows.map((window): [string, Resolution] => [window, window]));
        for (const window of sent.splice(0).flat()) told.set(window, seq);
        for (const [window, at] of changed) assert.ok((told.get(window) ?? 0) >= at || publishedSeq() < at);
        pass(ms);
      }
      await flush();
      for (const window of sent.splice(0).flat()) told.set(window, steps.length);
      for (const [window, at] of changed) assert.ok(told.get(window)! >= at);
      assert.equal(publishedSeq(), steps.length);
    }),
  );
});
