import { describeStaleness } from './describeStaleness';

const NOW = Date.UTC(2026, 5, 1, 12);
const HOUR = 3_600_000;
const asked = (changes: object = {}) => ({
  range: { from: NOW - 6 * HOUR, to: NOW },
  now: NOW,
  timeZone: 'utc',
  ...changes,
});
const reached = (watermark: number | null, lastEventTime: number | null = null) => ({
  interval: '1m',
  freshness: { watermark, lastEventTime },
});

test('a range that ends later than what is counted says so, and by how much', () => {
  expect(describeStaleness(reached(NOW - 2.5 * HOUR), asked())).toEqual([
    {
      severity: 'warning',
      text: 'Events are counted up to 2026-06-01 09:30:00, 2 hours before the end of the range.',
    },
  ]);
});

test('the time is told in the reader’s zone', () => {
  const [notice] = describeStaleness(reached(NOW - HOUR), asked({ timeZone: 'Asia/Tokyo' }));
  expect(notice?.text).toContain('up to 2026-06-01 20:00:00, 1 hour before');
});

test('while it is not known what has been counted, the latest event tells', () => {
  const [notice] = describeStaleness(reached(null, NOW - 26 * HOUR), asked());
  expect(notice?.text).toContain('1 day before');
});

test('a lifetime is compared with the present', () => {
  const meta = { ...reached(NOW - 20 * 60_000), interval: 'all' };
  const [notice] = describeStaleness(meta, asked({ range: { from: 0, to: 1 } }));
  expect(notice?.text).toBe('Events are counted up to 2026-06-01 11:40:00, 20 minutes ago.');
});

test.each([
  ['the last minutes are on their way', reached(NOW - 9 * 60_000), asked()],
  ['the range has ended before', reached(NOW - 2 * HOUR), asked({ range: { from: 0, to: NOW - 3 * HOUR } })],
  [
    'the range goes on into the future',
    reached(NOW - 60_000),
    asked({ range: { from: 0, to: NOW + 9 * HOUR } }),
  ],
  ['the shop has no event', reached(null), asked()],
  ['the exporter does not tell', { interval: '1m', freshness: null }, asked()],
])('nothing is said where %s', (_why, meta, range) => {
  expect(describeStaleness(meta, range)).toEqual([]);
});
