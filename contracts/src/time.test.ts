import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { windowEnd, windowStart, zoneCalendar } from './time.ts';

const london = zoneCalendar('Europe/London');

test('a summer day in London begins at 23:00 UTC of the day before', () => {
  assert.equal(london.dayStart(Date.UTC(2011, 6, 1, 12)), Date.UTC(2011, 5, 30, 23));
});

test('the days of the clock changes have 23 and 25 hours', () => {
  const hours = (time: number) => (london.dayEnd(time) - london.dayStart(time)) / 3_600_000;
  assert.equal(hours(Date.UTC(2011, 2, 27, 12)), 23);
  assert.equal(hours(Date.UTC(2011, 9, 30, 12)), 25);
});

test('a zone of three quarters of an hour keeps its midnight', () => {
  const kathmandu = zoneCalendar('Asia/Kathmandu');
  assert.equal(kathmandu.dayStart(Date.UTC(2026, 0, 1)), Date.UTC(2025, 11, 31, 18, 15));
});

test('a day whose midnight is skipped begins at its first instant', () => {
  const saoPaulo = zoneCalendar('America/Sao_Paulo');
  // 2018-11-04: clocks went from 00:00 to 01:00.
  assert.equal(saoPaulo.dayStart(Date.UTC(2018, 10, 4, 12)), Date.UTC(2018, 10, 4, 3));
});

test('a wall-clock time becomes its instant, in the gap the one after it, in the overlap the first', () => {
  assert.equal(london.instant(2010, 12, 1, 8, 26), Date.UTC(2010, 11, 1, 8, 26));
  assert.equal(london.instant(2011, 7, 1, 8, 26), Date.UTC(2011, 6, 1, 7, 26));
  assert.equal(london.instant(2011, 3, 27, 1, 30), Date.UTC(2011, 2, 27, 1, 30));
  assert.equal(london.instant(2011, 10, 30, 1, 30), Date.UTC(2011, 9, 30, 0, 30));
});

test('every instant lies in exactly one window of each resolution, in every zone', () => {
  const zones = [
    'Europe/London',
    'America/New_York',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'Asia/Kolkata',
  ].map(zoneCalendar);
  fc.assert(
    fc.property(
      fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2035, 0, 1) }),
      fc.constantFrom(...zones),
      fc.constantFrom('10s' as const, '1m' as const, '1h' as const, '1d' as const),
      (time, zone, resolution) => {
        const start = windowStart(resolution, time, zone);
        const end = windowEnd(resolution, start, zone)!;
        assert.ok(start <= time && time < end);
        assert.equal(windowStart(resolution, end - 1, zone), start);
        assert.equal(windowStart(resolution, end, zone), end);
      },
    ),
  );
});

test('a day that the clocks interrupt is one day: it begins where its date was seen first', () => {
  const { dayStart } = zoneCalendar('America/St_Johns');
  const fourth = Date.UTC(2007, 10, 4, 2, 30);
  const third = Date.UTC(2007, 10, 3, 2, 30);
  // 00:00:30, then from 00:01 on again 23:01 of the day before, then 00:00 once more.
  assert.equal(dayStart(fourth + 30_000), fourth);
  assert.equal(dayStart(fourth + 60_000), third);
  assert.equal(dayStart(fourth + 59 * 60_000), third);
  for (let minutes = 60; minutes < 1_500; minutes += 7) {
    assert.equal(dayStart(fourth + minutes * 60_000), fourth, `${minutes} min`);
  }
  assert.equal(dayStart(fourth + 1_500 * 60_000), fourth + 1_500 * 60_000);
});

test('the date of any instant is the one that the platform shows, in every zone and around every change of clocks', () => {
  const zones = Intl.supportedValuesOf('timeZone');
  const instants = fc.oneof(
    fc.integer({ min: Date.UTC(1980, 0, 1), max: Date.UTC(2040, 0, 1) }),
    // Clocks change in these weeks in most zones that change them.
    fc.integer({ min: Date.UTC(2025, 2, 1), max: Date.UTC(2025, 3, 10) }),
    fc.integer({ min: Date.UTC(2025, 9, 1), max: Date.UTC(2025, 10, 10) }),
  );
  fc.assert(
    fc.property(fc.constantFrom(...zones), instants, (timeZone, time) => {
      const shown = new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'short' }).format(time);
      const { year, month, day } = zoneCalendar(timeZone).localDate(time);
      const two = (n: number) => String(n).padStart(2, '0');
      assert.equal(`${two(day)}/${two(month)}/${year}`, shown);
    }),
    { numRuns: 2_000 },
  );
});
