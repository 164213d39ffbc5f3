import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jumpingClock, memorySink } from '../testing.ts';
import type { Clock } from './clock.ts';
import { startRun } from './start-run.ts';

const START = Date.UTC(2026, 0, 5, 9);
const CATALOGUE = 1 + 400 + 2_000;

/** Runs until the clock has reached `untilMs` after the start; `at` is called with each time slept until. */
async function run(options: {
  backfillMs?: number;
  untilMs: number;
  rate?: number;
  at?: (elapsedMs: number, runner: Awaited<ReturnType<typeof startRun>>) => void;
}) {
  const sink = memorySink();
  const time = jumpingClock(START);
  const clock: Clock = {
    now: time.now,
    sleepUntil: async (until) => {
      await time.sleepUntil(until);
      const elapsed = time.now() - START;
      options.at?.(elapsed, runner);
      if (elapsed >= options.untilMs) runner.stop();
    },
  };
  const runner = await startRun({
    seed: 'one',
    shops: [{ shop: 'first', market: 'gb' }],
    backfillMs: options.backfillMs ?? 0,
    backfillRate: 2,
    rate: options.rate ?? 50,
    sink,
    clock,
    onEvent: () => {},
  });
  await runner.run();
  return { runner, records: sink.records, events: sink.events().slice(CATALOGUE) };
}
const between = (events: readonly { eventTime: number }[], from: number, to: number) =>
  events.filter(({ eventTime }) => eventTime >= START + from && eventTime < START + to).length;

test('the shop is stored first, then its products and customers', async () => {
  const { records } = await run({ untilMs: 100 });
  assert.deepEqual(
    [records[0]!.topic, records[1]!.topic, records[CATALOGUE - 1]!.topic],
    ['shops', 'products', 'customers'],
  );
});

test('every second holds as many events as the rate says', async () => {
  const { events } = await run({ untilMs: 3_100, rate: 50 });
  for (const second of [0, 1, 2]) {
    assert.ok(Math.abs(between(events, second * 1_000, (second + 1) * 1_000) - 50) <= 1);
  }
});

test('history comes before the present at its own rate, and records of it carry no old timestamps', async () => {
  const { events, records } = await run({ untilMs: 1_000, backfillMs: 600_000 });
  assert.equal(between(events, -600_000, 0), 1_200);
  const old = records.filter(({ timestamp }) => timestamp !== undefined && timestamp < START - 60_000);
  assert.equal(old.length, 0);
});

test('a change of rate counts from the moment it is made', async () => {
  let changed = false;
  const { events } = await run({
    untilMs: 4_100,
    rate: 10,
    at: (elapsed, runner) => {
      if (elapsed >= 2_000 && !changed) {
        changed = true;
        runner.setRate(200);
      }
    },
  });
  assert.ok(Math.abs(between(events, 0, 2_000) - 20) <= 1);
  assert.ok(Math.abs(between(events, 2_000, 4_000) - 400) <= 1);
});

test('nothing happens during a pause, and the old rate comes back with resume', async () => {
  const { events } = await run({
    untilMs: 3_100,
    rate: 100,
    at: (elapsed, runner) => {
      if (elapsed === 1_000) runner.pause();
      if (elapsed === 2_000) runner.resume();
    },
  });
  assert.ok(Math.abs(between(events, 0, 1_000) - 100) <= 1);
  assert.equal(between(events, 1_000, 2_000), 0);
  assert.ok(Math.abs(between(events, 2_000, 3_000) - 100) <= 1);
});

test('after the end, everything that was made is stored', async () => {
  const { runner, events } = await run({ untilMs: 1_000 });
  assert.equal(runner.status().state, 'stopped');
  assert.equal(runner.status().sent, events.length);
});
