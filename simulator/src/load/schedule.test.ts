import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { constantRate, type RateCurve } from './rate-pieces.ts';
import { createSchedule, type Schedule } from './schedule.ts';

const T0 = 1_700_000_000_000;

function dueTimes(schedule: Schedule, count: number): number[] {
  return Array.from({ length: count }, () => {
    const due = schedule.peek();
    schedule.take();
    return due - T0;
  });
}
const ramp: RateCurve = () =>
  [
    { durationMs: 10_000, from: 0, to: 10 },
    { durationMs: Number.POSITIVE_INFINITY, from: 10, to: 10 },
  ].values();

test('at a constant rate, events are due at even distances from the start', () => {
  assert.deepEqual(dueTimes(createSchedule(T0, constantRate(4)), 5), [0, 250, 500, 750, 1000]);
});

test('distances do not drift: the millionth event is due exactly when the rate says', () => {
  const schedule = createSchedule(T0, constantRate(3));
  for (let n = 0; n < 1_000_000; n++) schedule.take();
  assert.equal(Math.round((schedule.peek() - T0) * 3), 1_000_000_000);
});

test('a rate of 0 is a pause without an end, until another rate is set', () => {
  const schedule = createSchedule(T0, constantRate(10));
  dueTimes(schedule, 10);
  schedule.change(T0 + 1_000, constantRate(0));
  assert.equal(schedule.peek(), Number.POSITIVE_INFINITY);
  assert.equal(schedule.backlog(T0 + 30_000), 0);
  schedule.change(T0 + 60_000, constantRate(10));
  assert.equal(schedule.peek(), T0 + 60_000);
});

test('a change keeps the fraction of an event that has built up', () => {
  const schedule = createSchedule(T0, constantRate(1));
  schedule.take();
  schedule.change(T0 + 500, constantRate(10));
  assert.equal(schedule.peek() - T0, 550);
});

test('a ramp from 0 to 10 a second over ten seconds holds fifty events', () => {
  const schedule = createSchedule(T0, ramp);
  const times = dueTimes(schedule, 60);
  assert.equal(times.filter((time) => time < 10_000).length, 50);
  assert.deepEqual(
    times.slice(50, 53).map((time) => Math.round(time)),
    [10_000, 10_100, 10_200],
  );
});

test('a change in the middle of a ramp goes on from the count that the ramp has reached', () => {
  const schedule = createSchedule(T0, ramp);
  schedule.change(T0 + 4_000, constantRate(2));
  const times = dueTimes(schedule, 12);
  assert.equal(times.filter((time) => time < 4_000).length, 8);
  assert.deepEqual(times.slice(8, 11), [4_000, 4_500, 5_000]);
});

test('the backlog is what is due and not taken', () => {
  const schedule = createSchedule(T0, constantRate(100));
  assert.equal(schedule.backlog(T0 + 995), 100);
  dueTimes(schedule, 60);
  assert.equal(schedule.backlog(T0 + 995), 40);
});

test('due times never go back, and every second holds rate ± 1 events, whatever the changes', () => {
  const changes = fc.array(
    fc.record({ after: fc.integer({ min: 1, max: 5_000 }), rate: fc.integer({ min: 0, max: 200 }) }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), changes, (firstRate, steps) => {
      const schedule = createSchedule(T0, constantRate(firstRate));
      let at = T0;
      let rate = firstRate;
      let previous = 0;
      for (const step of [...steps, { after: 1_000, rate: 0 }]) {
        const end = at + step.after;
        let count = 0;
        while (schedule.peek() < end) {
          assert.ok(schedule.peek() >= previous);
          previous = schedule.peek();
          schedule.take();
          count += 1;
        }
        assert.ok(Math.abs(count - (rate * step.after) / 1000) <= 1);
        schedule.change(end, constantRate(step.rate));
        at = end;
        rate = step.rate;
      }
    }),
  );
});
