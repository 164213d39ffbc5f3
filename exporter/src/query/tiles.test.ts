import assert from 'node:assert/strict';
import { test } from 'node:test';
import { windowStart, zoneCalendar } from '@storepulse/contracts';
import fc from 'fast-check';
import { type IsKept, type Tile, tilesOf } from './tiles.ts';

const london = zoneCalendar('Europe/London');
const at = (text: string) => Date.parse(text);
const kept: IsKept = () => true;
const show = (tiles: Tile[]) =>
  tiles.map(
    ({ resolution, from, to }) =>
      `${resolution} ${new Date(from).toISOString()} ${new Date(to).toISOString()}`,
  );

test('whole local days are read as days', () => {
  assert.deepEqual(
    show(tilesOf({ from: at('2011-11-01T00:00Z'), to: at('2011-12-01T00:00Z') }, london, kept)),
    ['1d 2011-11-01T00:00:00.000Z 2011-12-01T00:00:00.000Z'],
  );
});

test('a range that begins and ends at odd times is covered to ten seconds by coarse windows inside fine ones', () => {
  assert.deepEqual(
    show(tilesOf({ from: at('2026-01-01T22:58:45Z'), to: at('2026-01-03T01:01:08Z') }, london, kept)),
    [
      '10s 2026-01-01T22:58:40.000Z 2026-01-01T22:59:00.000Z',
      '1m 2026-01-01T22:59:00.000Z 2026-01-01T23:00:00.000Z',
      '1h 2026-01-01T23:00:00.000Z 2026-01-02T00:00:00.000Z',
      '1d 2026-01-02T00:00:00.000Z 2026-01-03T00:00:00.000Z',
      '1h 2026-01-03T00:00:00.000Z 2026-01-03T01:00:00.000Z',
      '1m 2026-01-03T01:00:00.000Z 2026-01-03T01:01:00.000Z',
      '10s 2026-01-03T01:01:00.000Z 2026-01-03T01:01:10.000Z',
    ],
  );
});

test('where days begin at half past an hour, minutes lead up to them, and days are read as days', () => {
  const kolkata = zoneCalendar('Asia/Kolkata');
  assert.deepEqual(
    show(tilesOf({ from: at('2026-01-01T17:00Z'), to: at('2026-01-31T18:30Z') }, kolkata, kept)),
    [
      '1h 2026-01-01T17:00:00.000Z 2026-01-01T18:00:00.000Z',
      '1m 2026-01-01T18:00:00.000Z 2026-01-01T18:30:00.000Z',
      '1d 2026-01-01T18:30:00.000Z 2026-01-31T18:30:00.000Z',
    ],
  );
});

test('where the minutes of an edge have expired, its hour is taken whole', () => {
  const hoursAndDays: IsKept = (resolution) => resolution === '1h' || resolution === '1d';
  assert.deepEqual(
    show(tilesOf({ from: at('2026-01-01T22:58:45Z'), to: at('2026-01-02T01:01:00Z') }, london, hoursAndDays)),
    ['1h 2026-01-01T22:00:00.000Z 2026-01-02T02:00:00.000Z'],
  );
});

const zone = fc.constantFrom(
  'Europe/London',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'America/St_Johns',
  'Australia/Lord_Howe',
);
const from = fc.integer({ min: at('2025-01-01'), max: at('2026-06-01') });
const length = fc.integer({ min: 1, max: 40 * 86_400_000 });
/** What of each resolution is kept from when on, finer ones shorter. */
const horizons = fc.tuple(from, from, from).map((times) => {
  const [hour, minute, second] = times.sort((a, b) => a - b) as [number, number, number];
  return { '1d': 0, '1h': hour, '1m': minute, '10s': second, all: 0 };
});

test('tiles never overlap, leave no hole, and are made of stored windows, in any zone and at any age', () => {
  fc.assert(
    fc.property(zone, from, length, horizons, (timeZone, start, span, horizon) => {
      const calendar = zoneCalendar(timeZone);
      const range = { from: start, to: start + span };
      const tiles = tilesOf(range, calendar, (resolution, time) => time >= horizon[resolution]);
      assert.ok(tiles[0]!.from <= range.from);
      assert.ok(tiles.at(-1)!.to >= range.to);
      tiles.forEach((tile, i) => {
        if (i > 0) assert.equal(tile.from, tiles[i - 1]!.to);
        assert.equal(windowStart(tile.resolution, tile.from, calendar), tile.from);
        assert.equal(windowStart(tile.resolution, tile.to, calendar), tile.to);
        assert.ok(tile.from >= horizon[tile.resolution]);
      });
    }),
    { numRuns: 100 },
  );
});

test('while everything is kept, tiles are exact to ten seconds and few', () => {
  fc.assert(
    fc.property(zone, from, length, (timeZone, start, span) => {
      const tiles = tilesOf({ from: start, to: start + span }, zoneCalendar(timeZone), kept);
      assert.ok(start - tiles[0]!.from < 10_000);
      assert.ok(tiles.at(-1)!.to - (start + span) < 10_000);
      assert.ok(tiles.length <= 10);
    }),
    { numRuns: 100 },
  );
});
