import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from './readiness.ts';

const COUNTING = {
  ...{ assigned: true, wanted: 4, tasks: 4, lag: 0, lagMs: 0 },
  ...{ behind: [], complaints: [], losses: [] },
};
const MERGING = { assigned: true, lag: 0, isBehind: false, complaints: [] };

test('a processor that owns its tasks and has caught up is ready', () => {
  const { started, ready, reasons } = judge(COUNTING, MERGING);
  assert.deepEqual({ started, ready, reasons }, { started: true, ready: true, reasons: [] });
});

test('a processor with a backlog has started, and is not ready', () => {
  const { started, ready, reasons } = judge(
    { ...COUNTING, lag: 900, lagMs: 60_000, behind: ['facts/0'] },
    MERGING,
  );
  assert.deepEqual([started, ready], [true, false]);
  assert.deepEqual(reasons, ['counting is 900 records behind: facts/0']);
  assert.equal(judge(COUNTING, { ...MERGING, lag: 5_000, isBehind: true }).ready, false);
});

test('before every task is claimed it has not started', () => {
  const { started, ready, reasons } = judge({ ...COUNTING, tasks: 3 }, MERGING);
  assert.deepEqual([started, ready, reasons], [false, false, ['3 of 4 tasks are claimed']]);
  assert.equal(judge({ ...COUNTING, assigned: false }, MERGING).started, false);
  assert.equal(judge(COUNTING, { ...MERGING, assigned: false }).started, false);
});

test('what stands still makes it not ready, in whichever stage', () => {
  const complaints = ['facts/0: MongoDB has not answered for 9 s'];
  assert.deepEqual(judge({ ...COUNTING, complaints }, MERGING).reasons, complaints);
  assert.equal(judge(COUNTING, { ...MERGING, complaints }).ready, false);
});

test('a processor beyond the number of tasks stands by', () => {
  const { started, ready } = judge({ ...COUNTING, wanted: 0, tasks: 0 }, MERGING);
  assert.deepEqual([started, ready], [true, false]);
});

test('a processor of one stage is judged by that one', () => {
  assert.equal(judge(COUNTING, undefined).ready, true);
  assert.equal(judge(undefined, MERGING).ready, true);
});

test('what a log has lost is told, ready or not', () => {
  const losses = [
    {
      ...{ task: 'facts/0', topic: 'transactions', partition: 0, change: 'cut-off' as const },
      ...{ from: 9, to: 5, unread: 2, read: 4, at: new Date(0) },
    },
  ];
  const status = judge({ ...COUNTING, losses }, MERGING);
  assert.deepEqual([status.ready, status.losses], [true, losses]);
});
