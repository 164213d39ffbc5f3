import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoreEvent } from '@storepulse/contracts';
import { jumpingClock, memorySink } from '../testing.ts';
import type { Clock } from './clock.ts';
import type { RunSpec } from './run-spec.ts';
import type { Runner } from './runner.ts';
import { type StartedRun, startRun } from './start-run.ts';

const START = Date.UTC(2026, 0, 5, 9);
const CATALOGUE = 1 + 400 + 2_000;

/** Runs until the clock has reached `untilMs` after the start; `at` is called with each time slept until. */
async function run(options: {
  backfillMs?: number;
  untilMs: number;
  rate?: number;
  at?: (elapsedMs: number, runner: Runner) => void;
}) {
  const sink = memorySink();
  const time = jumpingClock(START);
  const clock: Clock = {
    now: time.now,
    sleepUntil: async (until) => {
      await time.sleepUntil(until);
      const elapsed = time.now() - START;
      options.at?.(elapsed, runner);
      if (elapsed >= options.untilMs) runner.command({ command: 'stop' });
    },
  };
  const { backfillMs = 0, rate = 50 } = options;
  const spec: RunSpec = {
    seed: 'one',
    shops: [{ shop: 'first', market: 'gb' }],
    origin: START - backfillMs,
    profile: { profile: 'constant-arrival-rate', rate: backfillMs > 0 ? 2 : rate },
    timeline: backfillMs > 0 ? [{ at: START, command: { command: 'rate', rate } }] : [],
  };
  const { runner } = await startRun(spec, { sink, clock, onEmission: () => {} });
  await runner.run();
  const records = sink.records.filter(({ topic }) => topic !== 'sim-ledger');
  const events = records.slice(CATALOGUE).map(({ value }) => JSON.parse(value) as StoreEvent);
  return { runner, records, events };
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
        runner.command({ command: 'rate', rate: 200 });
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
      if (elapsed === 1_000) runner.command({ command: 'pause' });
      if (elapsed === 2_000) runner.command({ command: 'resume' });
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

test('when Kafka falls behind, the bound is kept by counted shedding, and the schedule is not stretched', async () => {
  const clock = jumpingClock(START);
  const made: number[] = [];
  const { runner }: StartedRun = await startRun(
    {
      seed: 'one',
      shops: [{ shop: 'first', market: 'gb' }],
      origin: START,
      profile: { profile: 'constant-arrival-rate', rate: 1_000 },
      timeline: [],
    },
    {
      clock: {
        now: clock.now,
        sleepUntil: async (until) => {
          // The third round takes a minute, as with a broker that hangs.
          await clock.sleepUntil(clock.now() === START + 60 ? START + 60_000 : until);
          if (clock.now() > START + 61_000) runner.command({ command: 'stop' });
        },
      },
      sink: { send: async () => {} },
      overload: 'shed',
      onEmission: ({ event }) => made.push(event.eventTime),
    },
  );
  await runner.run();
  const { shed } = runner.status();
  assert.ok(Math.abs(shed - 58_940) < 100, `${shed} shed`);
  const second = made.filter((time) => time >= START + 60_000 && time < START + 61_000);
  assert.ok(Math.abs(second.length - 1_000) <= 1);
});

test('a stop in the middle of history ends the run there, and its ledger is written', async () => {
  const sink = memorySink();
  const clock = jumpingClock(START);
  let made = 0;
  const { runner }: StartedRun = await startRun(
    {
      seed: 'one',
      shops: [{ shop: 'first', market: 'gb' }],
      origin: START - 30 * 86_400_000,
      profile: { profile: 'constant-arrival-rate', rate: 2 },
      timeline: [],
    },
    {
      sink,
      clock,
      onEmission: () => {
        made += 1;
        if (made === CATALOGUE + 5_000) runner.command({ command: 'stop' });
      },
    },
  );
  await runner.run();
  assert.ok(made < CATALOGUE + 5_010, `${made} made`);
  const kinds = sink.records
    .filter(({ topic }) => topic === 'sim-ledger')
    .map(({ value }) => JSON.parse(value).kind);
  assert.equal(kinds.at(-1), 'fates');
});
