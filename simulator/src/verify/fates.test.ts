import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fate } from '@storepulse/contracts';
import { compareFates } from './fates.ts';

const LEDGER = [
  { transactions: { processed: 90, duplicate: 4 }, shops: { processed: 1 } },
  { transactions: { processed: 5, 'dead-letter:not-json': 2 } },
];
const wrong = (counted: Partial<Record<Fate, number>>, records: number) =>
  compareFates(LEDGER, new Map(Object.entries(counted) as [Fate, number][]), records)
    .filter(({ matches }) => !matches)
    .map(({ fate, expected, shown }) => [fate, expected, shown]);

test('fates that are what the ledgers of all runs add up to do not differ', () => {
  assert.deepEqual(wrong({ processed: 96, duplicate: 4, 'dead-letter:not-json': 2 }, 102), []);
});

test('a record too few, or of another reason, is named', () => {
  assert.deepEqual(wrong({ processed: 95, duplicate: 4, 'dead-letter:too-large': 2 }, 102), [
    ['processed', 96, 95],
    ['dead-letter:not-json', 2, 0],
    ['dead-letter:too-large', 0, 2],
  ]);
});

test('records that Kafka holds twice are duplicates or the same dead letter twice, never processed twice', () => {
  assert.deepEqual(wrong({ processed: 96, duplicate: 6, 'dead-letter:not-json': 3 }, 105), []);
  assert.deepEqual(wrong({ processed: 97, duplicate: 4, 'dead-letter:not-json': 2 }, 103), [
    ['processed', 96, 97],
  ]);
  assert.deepEqual(wrong({ processed: 96, duplicate: 8, 'dead-letter:not-json': 2 }, 105), [
    ['duplicate', 4, 8],
  ]);
});
