import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Resolution } from '@storepulse/contracts';
import fc from 'fast-check';
import { PartitionsUnavailable } from '../errors.ts';
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
  let isQuiet = false;
  const ended = new Set<string>();
  return {
    ...announcer,
    sent,
    ended,
    /** Whether the traffic of the following commits is quiet. */
    become: (quiet: boolean) => {
      isQuiet = quiet;
    },
    pass: (ms: number) => {
      now += ms;
    },
    commit: (...windows: readonly [string, Resolution][]) =>
      announcer.announce(
        { seq: ++seq, at: undefined, isQuiet, ofBacklog: false },
        windows.map(([id, resolution]) => [id, { ref: { resolution } }] as const),
        (window) => !ended.has(window),
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

test('in quiet traffic nothing is held back, and what is goes with the first quiet commit', async () => {
  const { commit, become, sent, publishedSeq } = open();
  become(true);
  await commit(['all', 'all']);
  await commit(['all', 'all']);
  become(false);
  await commit(['all', 'all']);
  assert.deepEqual(sent, [['all'], ['all']]);
  assert.equal(publishedSeq(), 2);
  become(true);
  await commit(['10s', '10s']);
  assert.deepEqual(sent.slice(2), [['all', '10s']]);
  assert.equal(publishedSeq(), 4);
});

test('without a further commit it is announced by itself', async () => {
  const { commit, flush, sent, publishedSeq } = open();
  await commit(['1d', '1d']);
  await commit(['1d', '1d']);
  await flush();
  assert.deepEqual(sent, [['1d'], ['1d']]);
  assert.equal(publishedSeq(), 2);
});

test('a window that has ended is announced with every commit, and one that was held back as soon as it has', async () => {
  const { commit, ended, sent, publishedSeq } = open();
  await commit(['1m', '1m'], ['1h', '1h']);
  await commit(['1m', '1m'], ['1h', '1h']);
  ended.add('1m');
  await commit(['10s', '10s']);
  await commit(['1m', '1m'], ['10s', '10s']);
  assert.deepEqual(sent, [
    ['1m', '1h'],
    ['1m', '10s'],
    ['1m', '10s'],
  ]);
  assert.equal(publishedSeq(), 1);
});

test('every change is announced at or after its commit, and until then no commit behind it counts as published', async () => {
  const resolutions = ['10s', '1h', 'all'] as const;
  const steps = fc.array(
    fc.record({
      windows: fc.uniqueArray(fc.constantFrom(...resolutions), { minLength: 1 }),
      isQuiet: fc.boolean(),
      pass: fc.constantFrom(0, 500, 3_000, 9_000),
      ends: fc.subarray([...resolutions]),
    }),
    { maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      const { commit, become, ended, pass, sent, publishedSeq, flush } = open();
      /** The last commit that changed each window, and the last one that its announcements tell of. */
      const changed = new Map<string, number>();
      const told = new Map<string, number>();
      for (const [index, { windows, isQuiet, pass: ms, ends }] of steps.entries()) {
        const seq = index + 1;
        become(isQuiet);
        for (const window of ends) ended.add(window);
        for (const window of windows) changed.set(window, seq);
        await commit(...windows.map((window): [string, Resolution] => [window, window]));
        for (const window of sent.splice(0).flat()) told.set(window, seq);
        for (const [window, at] of changed) {
          const isTold = (told.get(window) ?? 0) >= at;
          assert.ok(isTold || (publishedSeq() < at && !ended.has(window)), `${window} of ${at}`);
        }
        pass(ms);
      }
      await flush();
      for (const window of sent.splice(0).flat()) told.set(window, steps.length);
      for (const [window, at] of changed) assert.ok(told.get(window)! >= at);
      assert.equal(publishedSeq(), steps.length);
    }),
  );
});

/** An announcer to a topic on which some windows have no partition that can be written. */
function openWithout(held?: ReadonlyMap<string, number>) {
  let now = NOON;
  let seq = 5;
  const away = new Set<string>();
  /** The last commit that a window's announcements tell of. */
  const told = new Map<string, number>();
  const announcer = createAnnouncer({
    sender: {
      send: async (topic, records) => {
        const refused = records.filter(({ key }) => away.has(String(key)));
        for (const { key, value } of records)
          if (!away.has(String(key))) told.set(String(key), JSON.parse(String(value)).seq);
        if (refused.length === 0) return;
        const placed = refused.map((record) => ({ ...record, partition: 1 }));
        throw new PartitionsUnavailable(topic, { records: placed, serving: [0], tooLarge: [] });
      },
    },
    task: 'facts/0',
    publishedSeq: seq,
    ...(held ? { held } : {}),
    periodMs: PERIOD_MS,
    now: () => now,
  });
  return {
    ...announcer,
    away,
    told,
    seq: () => seq,
    now: () => now,
    pass: (ms: number) => {
      now += ms;
    },
    commit: (...windows: readonly (readonly [string, Resolution])[]) =>
      announcer.announce(
        { seq: ++seq, at: undefined, isQuiet: false, ofBacklog: false },
        windows.map(([id, resolution]) => [id, { ref: { resolution } }] as const),
        () => true,
      ),
  };
}

test('windows whose partition has no leader are held back alone, and announced once it has one', async () => {
  const { commit, away, told, flush, pass, publishedSeq, dueAt, now, complaints } = openWithout();
  away.add('there');
  await commit(['there', '10s'], ['here', '10s']);
  await commit(['here', '10s']);
  assert.deepEqual([...told], [['here', 7]]);
  assert.equal(publishedSeq(), 5);
  assert.match(complaints()[0]!, /facts\/0: .* metric-changes has partitions without a leader: 1/);
  pass(PERIOD_MS);
  await flush();
  assert.ok(dueAt()! > now(), 'it is not tried again at once');
  away.clear();
  await flush();
  assert.equal(told.get('there'), 7);
  assert.equal(publishedSeq(), 7);
  assert.deepEqual(complaints(), []);
});

test('what a claim could not announce is held back from the beginning', async () => {
  const { told, flush, publishedSeq, dueAt, now } = openWithout(new Map([['there', 3]]));
  assert.equal(publishedSeq(), 2);
  assert.ok(dueAt()! > now());
  await flush();
  assert.deepEqual([...told], [['there', 5]]);
  assert.equal(publishedSeq(), 5);
});

test('whatever partitions have no leader when, a crash forgets no change, and all is announced in the end', async () => {
  const windows = [
    ['fine', '10s'],
    ['other', '10s'],
    ['coarse', '1h'],
    ['life', 'all'],
  ] as const;
  const step = fc.record({
    changed: fc.subarray([...windows], { minLength: 1 }),
    away: fc.subarray(windows.map(([id]) => id)),
    pass: fc.constantFrom(0, 500, 3_000, 9_000),
    flushes: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const { commit, away, told, flush, pass, publishedSeq, seq } = openWithout();
      const changedAt = new Map<string, number>();
      for (const { changed, away: without, pass: ms, flushes } of steps) {
        pass(ms);
        away.clear();
        for (const window of without) away.add(window);
        for (const [window] of changed) changedAt.set(window, seq() + 1);
        await commit(...changed);
        if (flushes) await flush();
        // Whoever claims now announces what changed later: that must hold all that was not told.
        for (const [window, at] of changedAt)
          assert.ok((told.get(window) ?? 0) >= at || at > publishedSeq(), `${window} of ${at} is forgotten`);
      }
      away.clear();
      await flush();
      for (const [window, at] of changedAt) assert.ok(told.get(window)! >= at, window);
      assert.equal(publishedSeq(), seq());
    }),
  );
});
