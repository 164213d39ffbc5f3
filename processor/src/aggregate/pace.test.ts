import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Behind, createPace } from './pace.ts';

const NOON = Date.UTC(2026, 0, 1, 12);

function pace(intervalMs: number) {
  let now = NOON;
  const it = createPace(intervalMs, () => now);
  return {
    ...it,
    pass: (ms: number) => {
      now += ms;
    },
    in: (records: number, behind: Partial<Behind> = {}, isQuiet = false) =>
      it.dueAt(records, { records: 0, ms: 0, ...behind }, isQuiet) - now,
  };
}

test('few records wait until the next multiple of the interval, whichever task they are of', () => {
  const [one, other] = [pace(250), pace(250)];
  one.pass(30);
  other.pass(180);
  assert.equal(one.in(1), 220);
  assert.equal(other.in(1), 70);
});

test('records of quiet traffic wait for a short interval', () => {
  const { pass, in: dueIn } = pace(1_000);
  pass(30);
  assert.equal(dueIn(1), 970);
  assert.equal(dueIn(1, {}, true), 95);
});

test('many records wait for a short interval', () => {
  const { pass, in: dueIn } = pace(250);
  pass(30);
  assert.equal(dueIn(500), 95);
});

test('a backlog is committed in few large commits', () => {
  const { noteCommit, in: dueIn } = pace(250);
  noteCommit(40);
  assert.equal(dueIn(5_000, { records: 1_000_000 }), 1_000);
  assert.equal(dueIn(39_999, { records: 1_000_000 }), 1_000);
  assert.equal(dueIn(40_000, { records: 1_000_000 }), 0);
});

test('after a long commit comes a rest of half its time, up to the next multiple', () => {
  const { noteCommit, in: dueIn } = pace(250);
  noteCommit(700);
  assert.equal(dueIn(5_000), 375);
});

test('after a commit that hung in an outage comes a rest of a second at most', () => {
  const { noteCommit, in: dueIn } = pace(250);
  noteCommit(9_000);
  assert.equal(dueIn(5_000), 1_000);
});

test('an interval below the short one holds for many records too', () => {
  const { pass, in: dueIn } = pace(10);
  pass(3);
  assert.equal(dueIn(5_000), 7);
});

test('a thousand records are a backlog when they are history, and are not when they are of now', () => {
  const { isBacklog } = pace(250);
  assert.equal(isBacklog({ records: 1_000, ms: 60_000 }), true);
  assert.equal(isBacklog({ records: 1_000, ms: 59_999 }), false);
  assert.equal(isBacklog({ records: 999, ms: 86_400_000 }), false);
});
