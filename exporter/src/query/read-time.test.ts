import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type QueryTime, zoneCalendar } from '@storepulse/contracts';
import fc from 'fast-check';
import { readRange } from './read-time.ts';

const london = { calendar: zoneCalendar('Europe/London'), weekStart: 'monday' } as const;
const tokyo = { calendar: zoneCalendar('Asia/Tokyo'), weekStart: 'sunday' } as const;
/** A Wednesday, 11:30 in London, three days after its clocks were put forward. */
const NOW = Date.parse('2026-04-01T10:30:15.250Z');
const NEVER = Number.MAX_SAFE_INTEGER;
const fromOf = (from: QueryTime, shop = london as typeof london | typeof tokyo) =>
  new Date(readRange({ from, to: NEVER }, NOW, shop).from).toISOString();
const toOf = (to: QueryTime) => new Date(readRange({ from: 0, to }, NOW, london).to).toISOString();

test('epoch milliseconds are taken as they are', () => {
  assert.equal(fromOf(1_700_000_000_123), '2023-11-14T22:13:20.123Z');
});

test('a date without a zone is the shop’s, one with a zone is that zone’s', () => {
  assert.equal(fromOf('2026-07-01'), '2026-06-30T23:00:00.000Z');
  assert.equal(fromOf('2026-07-01', tokyo), '2026-06-30T15:00:00.000Z');
  assert.equal(fromOf('2026-07-01T12:30'), '2026-07-01T11:30:00.000Z');
  assert.equal(fromOf('2026-07-01T12:30:15.5'), '2026-07-01T11:30:15.500Z');
  assert.equal(fromOf('2026-07-01T12:30:00Z'), '2026-07-01T12:30:00.000Z');
  assert.equal(fromOf('2026-07-01T12:30:00+09:00'), '2026-07-01T03:30:00.000Z');
});

test('days and longer units before now keep the time of day by the shop’s clocks', () => {
  assert.equal(fromOf('now'), '2026-04-01T10:30:15.250Z');
  assert.equal(fromOf('now-90s'), '2026-04-01T10:28:45.250Z');
  assert.equal(fromOf('now-24h'), '2026-03-31T10:30:15.250Z');
  // The clocks were put forward on 29 March.
  assert.equal(fromOf('now-7d'), '2026-03-25T11:30:15.250Z');
  assert.equal(fromOf('now-1w'), '2026-03-25T11:30:15.250Z');
  assert.equal(fromOf('now-1M'), '2026-03-01T11:30:15.250Z');
  assert.equal(fromOf('now-1y'), '2025-04-01T10:30:15.250Z');
  assert.equal(toOf('now+1d'), '2026-04-02T10:30:15.250Z');
});

test('a month that is too short gives its last day', () => {
  const march = Date.parse('2028-03-31T12:00:00Z');
  const back = (from: string) => new Date(readRange({ from, to: NEVER }, march, london).from).toISOString();
  assert.equal(back('now-1M'), '2028-02-29T13:00:00.000Z');
  assert.equal(back('now-13M'), '2027-02-28T13:00:00.000Z');
});

test('rounding gives the begin of the unit for from, and its end for to', () => {
  assert.deepEqual(
    [fromOf('now/d'), toOf('now/d')],
    ['2026-03-31T23:00:00.000Z', '2026-04-01T23:00:00.000Z'],
  );
  assert.deepEqual(
    [fromOf('now-1d/d'), toOf('now-1d/d')],
    ['2026-03-30T23:00:00.000Z', '2026-03-31T23:00:00.000Z'],
  );
  assert.equal(fromOf('now/w'), '2026-03-29T23:00:00.000Z');
  assert.equal(fromOf('now/w', tokyo), '2026-03-28T15:00:00.000Z');
  assert.deepEqual(
    [fromOf('now-1M/M'), toOf('now-1M/M')],
    ['2026-03-01T00:00:00.000Z', '2026-03-31T23:00:00.000Z'],
  );
  assert.deepEqual(
    [fromOf('now-1y/y'), toOf('now-1y/y')],
    ['2025-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'],
  );
});

test('what is no time is refused, with what it is and what to give', () => {
  const wrong = [
    'yesterday',
    '2026-02-30',
    '2026-13-01',
    '2026-01-01T24:00',
    '1969-12-31',
    '0001-01-01',
    'now-7',
    'now-7q',
  ];
  for (const from of [...wrong, 'now/5d', '2026-01-01T10:00:00+99:99', '-5', '1e3', ' '])
    assert.throws(() => fromOf(from), /invalid_range|"range\.from" is ".*": give epoch ms/, from);
});

test('any step from now gives an instant that calendars can reckon with', () => {
  const step = fc.tuple(fc.constantFrom('+', '-'), fc.nat(999_999), fc.constantFrom(...'smhdwMy'));
  const round = fc.constantFrom('', '/h', '/d', '/w', '/M', '/y');
  fc.assert(
    fc.property(step, round, ([sign, count, unit], rounded) => {
      const { from } = readRange({ from: `now${sign}${count}${unit}${rounded}`, to: NEVER }, NOW, london);
      assert.ok(from >= -366 * 86_400_000 && from <= Date.UTC(10_001, 0), new Date(from).toISOString());
    }),
  );
});
