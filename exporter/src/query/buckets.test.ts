import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zoneCalendar } from '@storepulse/contracts';
import fc from 'fast-check';
import { runAtOnce } from '../work/pacer.ts';
import { bucketAt, bucketsOf, type ShopCalendar } from './buckets.ts';
import { WIDTHS } from './intervals.ts';

const london: ShopCalendar = { calendar: zoneCalendar('Europe/London'), weekStart: 'monday' };
const at = (text: string) => Date.parse(text);
const starts = (from: string, to: string, width: (typeof WIDTHS)[number], shop = london) =>
  runAtOnce(bucketsOf({ from: at(from), to: at(to) }, width, shop)).map((bucket) =>
    new Date(bucket.from).toISOString(),
  );

test('a month is the shop’s own, from its midnight to its midnight', () => {
  assert.deepEqual(starts('2011-07-10T12:00Z', '2011-12-01T00:00Z', '1M'), [
    '2011-06-30T23:00:00.000Z',
    '2011-07-31T23:00:00.000Z',
    '2011-08-31T23:00:00.000Z',
    '2011-09-30T23:00:00.000Z',
    '2011-11-01T00:00:00.000Z',
  ]);
});

test('a range of exactly one local month has exactly that bucket', () => {
  assert.deepEqual(starts('2011-11-01T00:00Z', '2011-12-01T00:00Z', '1M'), ['2011-11-01T00:00:00.000Z']);
});

test('quarters and years are the shop’s, from January on', () => {
  assert.deepEqual(starts('2011-05-10T12:00Z', '2012-02-01T00:00Z', '3M'), [
    '2011-03-31T23:00:00.000Z',
    '2011-06-30T23:00:00.000Z',
    '2011-09-30T23:00:00.000Z',
    '2012-01-01T00:00:00.000Z',
  ]);
  assert.deepEqual(starts('2011-12-31T23:59Z', '2012-01-01T00:01Z', '1y'), [
    '2011-01-01T00:00:00.000Z',
    '2012-01-01T00:00:00.000Z',
  ]);
});

test('a week begins on the shop’s day', () => {
  const range = ['2026-03-04T12:00Z', '2026-03-05T12:00Z'] as const;
  assert.deepEqual(starts(...range, '1w'), ['2026-03-02T00:00:00.000Z']);
  assert.deepEqual(starts(...range, '1w', { ...london, weekStart: 'sunday' }), ['2026-03-01T00:00:00.000Z']);
  assert.deepEqual(starts(...range, '1w', { ...london, weekStart: 'saturday' }), [
    '2026-02-28T00:00:00.000Z',
  ]);
});

test('the day on which clocks change is 23 or 25 hours long, and still one bucket', () => {
  const days = runAtOnce(
    bucketsOf({ from: at('2026-10-24T23:00Z'), to: at('2026-10-27T00:00Z') }, '1d', london),
  );
  assert.deepEqual(
    days.map(({ from, to }) => (to - from) / 3_600_000),
    [25, 24],
  );
});

test('the first bucket is whole, though the range begins inside it', () => {
  assert.deepEqual(starts('2026-01-01T10:23Z', '2026-01-01T12:00Z', '1h'), [
    '2026-01-01T10:00:00.000Z',
    '2026-01-01T11:00:00.000Z',
  ]);
});

test('in any zone, buckets follow each other without gap or overlap and cover the range', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(
        'Europe/London',
        'Asia/Kolkata',
        'America/New_York',
        'Australia/Lord_Howe',
        'Africa/Cairo',
      ),
      fc.constantFrom('monday' as const, 'sunday' as const, 'saturday' as const),
      fc.constantFrom(...WIDTHS.slice(4)),
      fc.integer({ min: at('2010-01-01'), max: at('2026-12-01') }),
      fc.integer({ min: 1, max: 90 * 86_400_000 }),
      (timeZone, weekStart, width, from, length) => {
        const shop = { calendar: zoneCalendar(timeZone), weekStart };
        const buckets = runAtOnce(bucketsOf({ from, to: from + length }, width, shop));
        assert.ok(buckets[0]!.from <= from && buckets[0]!.to > from);
        assert.ok(buckets.at(-1)!.to >= from + length && buckets.at(-1)!.from < from + length);
        buckets.slice(1).forEach((bucket, i) => {
          assert.equal(bucket.from, buckets[i]!.to);
        });
      },
    ),
    { numRuns: 60 },
  );
});

test('an instant is found in its bucket, and in none outside of them', () => {
  const buckets = runAtOnce(bucketsOf({ from: 0, to: 100_000 }, '10s', london));
  assert.equal(bucketAt(buckets, 0), 0);
  assert.equal(bucketAt(buckets, 9_999), 0);
  assert.equal(bucketAt(buckets, 10_000), 1);
  assert.equal(bucketAt(buckets, 99_999), 9);
  assert.equal(bucketAt(buckets, 100_000), -1);
  assert.equal(bucketAt(buckets, -1), -1);
});
