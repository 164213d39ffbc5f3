import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { planRounds } from './rounds.ts';

const NOW = Date.UTC(2026, 0, 1, 12);
const window = (resolution: string, start: number, shop = 'demo') =>
  `${shop}|sales|narrow|${resolution}|${start}|0`;
const notices = (...ids: string[]) =>
  ids.map((id, i) => ({ key: Buffer.from(id), offset: 100 + i, timestamp: NOW + i }));
const history = (n: number) => window('10s', NOW - 86_400_000 + n * 10_000, 'replay');

test('what happens now, and the coarse windows, come before the history that was noticed earlier', () => {
  const { rounds } = planRounds(
    notices(history(1), window('all', 0), history(2), window('10s', NOW - 10_000)),
    NOW,
    2,
  );
  assert.deepEqual(
    rounds.map(({ windows }) => windows),
    [
      [window('all', 0), window('10s', NOW - 10_000)],
      [history(1), history(2)],
    ],
  );
});

test('what is no window is named, and passed over', () => {
  const { rounds, bad } = planRounds(notices('nonsense', history(1)), NOW, 10);
  assert.deepEqual(
    rounds.map(({ windows, done }) => ({ windows, upTo: done?.offset })),
    [{ windows: [history(1)], upTo: 101 }],
  );
  assert.deepEqual(bad, [100]);
});

test('notices that name no window at all are done at once', () => {
  const [round, ...more] = planRounds(notices('nonsense'), NOW, 10).rounds;
  assert.deepEqual([round?.windows, round?.done?.offset, more], [[], 100, []]);
});

test('each window is merged once, and progress is never told before all that came earlier is merged', () => {
  const id = fc.oneof(
    fc.nat(20).map(history),
    fc.nat(3).map((n) => window('1m', NOW - n * 60_000)),
    fc.constant(window('1d', 0)),
  );
  fc.assert(
    fc.property(
      fc.array(id, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 7 }),
      (ids, size) => {
        const all = notices(...ids);
        const { rounds } = planRounds(all, NOW, size);
        const merged = new Set<string>();
        for (const { windows, done } of rounds) {
          assert.ok(windows.length <= size);
          for (const each of windows) {
            assert.ok(!merged.has(each));
            merged.add(each);
          }
          const passed = all.filter(({ offset }) => offset <= (done?.offset ?? -1));
          for (const { key } of passed) assert.ok(merged.has(key.toString()));
        }
        assert.equal(rounds.at(-1)!.done, all.at(-1));
        assert.deepEqual(merged, new Set(ids));
      },
    ),
  );
});

test('further documents are in no round, and hold no other notice up', () => {
  const further = `${window('all', 0, 'vast').slice(0, -1)}7`;
  const plan = planRounds(notices(history(1), further, history(2), further), NOW, 1);
  assert.deepEqual(plan.further, [{ id: further, offset: 101 }]);
  assert.deepEqual(
    plan.rounds.map(({ windows, done }) => [...windows, done?.offset]),
    [
      [history(1), 101],
      [history(2), 103],
    ],
  );
});
