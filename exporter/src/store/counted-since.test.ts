import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoredMetricDocument } from '@storepulse/contracts';
import { countedSince } from './counted-since.ts';

const MET = new Date('2026-03-01T12:00:00Z');
const metric = (_id: string, more: Partial<StoredMetricDocument>): StoredMetricDocument => ({
  ...{ _id, measure: 'count', generations: [{ hash: 'a', from: 0, at: MET }], started: {} },
  ...more,
});
const late = { 'facts/0': { offsets: { transactions: 7 } }, 'facts/1': { offsets: {} } };
const rebuild = (from: number, finishedAt?: Date) => ({
  ...{ id: 'rebuild-m-1', group: 'g', tasks: [], asked: 0, from, startedAt: MET },
  ...(finishedAt ? { finishedAt } : {}),
});

test('a metric that was there from the log’s beginning has no begin; one that came later, or was forgotten, differs', () => {
  const since = countedSince([
    metric('always', { started: { 'facts/0': { offsets: {} } } }),
    metric('late', { started: late }),
    metric('gone', { started: late, forgotten: true }),
  ]);
  assert.deepEqual([...since], [['late', MET.getTime()]]);
});

test('a rebuild moves the begin as far back as it reached, once it is done', () => {
  const since = (...rebuilds: ReturnType<typeof rebuild>[]) =>
    countedSince([metric('m', { started: late, rebuilds })]).get('m');
  assert.equal(since(rebuild(0)), MET.getTime(), 'under way');
  assert.equal(since(rebuild(0, MET)), undefined);
  assert.equal(since(rebuild(5_000, MET)), 5_000);
});
