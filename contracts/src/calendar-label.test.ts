import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { calendarLabel } from './calendar-label.ts';
import { zoneCalendar } from './time.ts';

const ZONES = ['Asia/Tokyo', 'America/Los_Angeles', 'Europe/London', 'Australia/Lord_Howe', 'UTC'];

test('a day or month is named as the shop’s own calendar has it, wherever its reader is', () => {
  const tokyo = zoneCalendar('Asia/Tokyo');
  // Midnight of 1 August in Tokyo is the afternoon of 31 July in London.
  const august = Date.UTC(2026, 6, 31, 15);
  assert.equal(calendarLabel('1M', tokyo)!(august), '2026-08');
  assert.equal(calendarLabel('1d', tokyo)!(august), '2026-08-01');
  assert.equal(
    calendarLabel('1w', zoneCalendar('America/Los_Angeles'))!(Date.UTC(2026, 0, 5, 8)),
    '2026-01-05',
  );
});

test('buckets of a fixed length have no name', () => {
  for (const interval of ['10s', '1m', '1h', '6h', 'all', 'range', 'auto'])
    assert.equal(calendarLabel(interval, zoneCalendar('UTC')), null);
});

test('the first instant of every day of every zone has that day’s name', () => {
  const time = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2040, 0, 1) });
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), time, (timeZone, instant) => {
      const calendar = zoneCalendar(timeZone);
      const expected = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(instant);
      assert.equal(calendarLabel('1d', calendar)!(calendar.dayStart(instant)), expected);
      assert.equal(calendarLabel('1M', calendar)!(instant), expected.slice(0, 7));
    }),
  );
});
