import { aRequest } from '../testing/fixtures';
import { resolutionOf } from './resolutionOf';
import { whyNotLive } from './whyNotLive';

const asked = { shop: 'demo', metric: 'orders' };
const day = 86_400_000;

test.each([
  [{}, undefined],
  [{ metric: ['orders', 'net_sales'] }, undefined],
  [{ groupBy: 'device', interval: '10s' as const }, undefined],
  [{ filters: [{ dimension: 'device', operator: 'in' as const, values: ['mobile'] }] }, /not filtered/],
  [{ compareTo: 'previous_week' as const }, /^comparisons/],
  [{ cumulative: true }, /running totals/],
  [{ currency: 'USD' }, /own currency/],
  [{ groupBy: ['weekday', 'device'] }, /by one dimension/],
  [{ interval: '5m' as const }, /^live figures are those of 10s, 1m, 1h, 1d$/],
  [{ format: 'table' as const }, /whole range/],
])('a query with %j is live, or says why not', (changes, reason) => {
  const why = whyNotLive({ ...asked, ...changes }, aRequest([]));
  expect(why).toEqual(reason === undefined ? undefined : expect.stringMatching(reason));
});

test('a range that has ended is not live', () => {
  const { range } = aRequest([]);
  const ended = { range: { ...range, raw: { from: range.from, to: range.to } } };
  expect(whyNotLive(asked, ended)).toBe('the range does not end now');
});

test('windows are those that are asked for, or the finest that a range has not too many of', () => {
  const finest = (ms: number, interval?: string) => resolutionOf(interval, { from: 0, to: ms });
  expect(finest(3_600_000)).toBe('10s');
  expect([finest(6 * 3_600_000), finest(day / 2)]).toEqual(['1m', '1m']);
  expect([finest(7 * day), finest(365 * day)]).toEqual(['1h', '1d']);
  expect(finest(365 * day, '1m')).toBe('1m');
});
