import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createUnreadable } from './unreadable.ts';
import { PATIENCE_MS } from './watchdog.ts';

test('a partition that can not be read is complained of once a change of leaders would be over, until it is read', () => {
  let now = 0;
  const unreadable = createUnreadable(() => now);
  unreadable.note('transactions', 1, new Error('NOT_LEADER_OR_FOLLOWER'));
  now += PATIENCE_MS;
  assert.deepEqual(unreadable.complaints(), []);
  unreadable.note('transactions', 1, new Error('KAFKA_STORAGE_ERROR'));
  now += 1;
  assert.deepEqual(unreadable.complaints(), ["transactions/1 can't be read: KAFKA_STORAGE_ERROR"]);
  assert.equal(unreadable.why('transactions', 1), 'KAFKA_STORAGE_ERROR');
  unreadable.note('transactions', 1, undefined);
  assert.deepEqual(unreadable.complaints(), []);
  unreadable.note('transactions', 1, new Error('again'));
  now += PATIENCE_MS + 1;
  unreadable.clear();
  assert.deepEqual(unreadable.complaints(), []);
});
