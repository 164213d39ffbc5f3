import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPeople } from './people.ts';

test('of several changes to one customer the last tombstone counts, and the first word after it', () => {
  const people = createPeople();
  people.tell('demo|c1', 1);
  people.erase('demo|c1', 2);
  people.erase('demo|c1', 3);
  people.tell('demo|c1', 4);
  people.tell('demo|c1', 5);
  assert.deepEqual([...people.take()], [['demo|c1', { erasedAt: 3, toldAt: 4 }]]);
});

test('a tombstone after the last word leaves nothing of it', () => {
  const people = createPeople();
  people.erase('demo|c1', 1);
  people.tell('demo|c1', 2);
  people.erase('demo|c1', 3);
  assert.deepEqual([...people.take()], [['demo|c1', { erasedAt: 3 }]]);
});

test('what was taken is not told again', () => {
  const people = createPeople();
  people.erase('demo|c1', 1);
  people.take();
  assert.equal(people.take().size, 0);
});
