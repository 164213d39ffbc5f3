import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseWidth, keptWidth } from './intervals.ts';

const HOUR = 3_600_000;

test('auto takes the finest width that gives no more points than the panel can show', () => {
  assert.equal(chooseWidth('auto', 6 * HOUR, 1_000), '1m');
  assert.equal(chooseWidth('auto', 24 * HOUR, 1_000), '5m');
  assert.equal(chooseWidth('auto', 30 * 24 * HOUR, 1_000), '1h');
  assert.equal(chooseWidth('auto', 10 * 365 * 24 * HOUR, 100), '1M');
  assert.equal(chooseWidth('auto', 1_000 * 365 * 24 * HOUR, 1), '1M');
});

test('a width that is asked for is taken, however many points it gives', () => {
  assert.equal(chooseWidth('10s', 365 * 24 * HOUR, 10), '10s');
});

test('a width whose windows have expired gives way to the next one that is kept', () => {
  assert.equal(
    keptWidth('5m', () => true),
    '5m',
  );
  assert.equal(
    keptWidth('5m', (resolution) => resolution === '1h' || resolution === '1d'),
    '1h',
  );
  assert.equal(
    keptWidth('10s', (resolution) => resolution === '1d'),
    '1d',
  );
});
