import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WEEK_SHAPES } from '../behaviour/week-shapes.ts';
import { MARKETS, type MarketName } from '../world/markets.ts';
import { createDayShape, meanShape } from './day-shape.ts';

const HOUR = 3_600_000;
/** A Monday at midnight in London. */
const MONDAY = Date.UTC(2026, 0, 5);
const shapeOf = (market: MarketName) => createDayShape(WEEK_SHAPES[market], MARKETS[market].timeZone);

/** The mean factor of an hour: exact, since the factor goes straight from half hour to half hour. */
function meanOf(factor: (time: number) => number, hour: number): number {
  return (factor(hour) + 2 * factor(hour + HOUR / 2) + factor(hour + HOUR - 1e-3)) / 4;
}

test('over a week the mean is 1, in every market', () => {
  for (const market of Object.keys(MARKETS) as MarketName[]) {
    const { factor } = shapeOf(market);
    const hours = Array.from({ length: 168 }, (_, n) => meanOf(factor, MONDAY + n * HOUR));
    const mean = hours.reduce((sum, value) => sum + value, 0) / hours.length;
    assert.ok(Math.abs(mean - 1) < 1e-6, `${market}: ${mean}`);
    assert.ok(hours.every((value) => value > 0));
  }
});

test('each hour has its share of the day, and each day its share of the week', () => {
  const { hours, weekdays } = WEEK_SHAPES.gb;
  const { factor } = shapeOf('gb');
  const sum = hours.reduce((total, share) => total + share, 0);
  const week = weekdays.reduce((total, share) => total + share, 0);
  for (let day = 0; day < 7; day++) {
    for (let hour = 1; hour < 23; hour++) {
      const expected = (hours[hour]! / sum) * 24 * (weekdays[day]! / week) * 7;
      const mean = meanOf(factor, MONDAY + (day * 24 + hour) * HOUR);
      assert.ok(Math.abs(mean / expected - 1) < 1e-6, `day ${day}, hour ${hour}: ${mean}, not ${expected}`);
    }
  }
});

test('there are no jumps, from hour to hour and from day to day', () => {
  const { factor } = shapeOf('gb');
  for (let n = 0; n < 168; n++) {
    const time = MONDAY + n * HOUR;
    assert.ok(Math.abs(factor(time) - factor(time - 1e-3)) < 1e-6);
  }
});

test('when clocks have changed, the hours are those of the new time', () => {
  const { factor } = shapeOf('gb');
  const noon = (date: number) => meanOf(factor, date);
  const usual = noon(Date.UTC(2026, 2, 22, 12));
  assert.ok(Math.abs(noon(Date.UTC(2026, 2, 29, 11)) / usual - 1) < 1e-6);
  assert.ok(Math.abs(noon(Date.UTC(2026, 9, 25, 12)) / usual - 1) < 1e-6);
});

test('several shops together are as busy as they are on average', () => {
  const [gb, jp] = [shapeOf('gb'), shapeOf('jp')];
  const time = MONDAY + 13.3 * HOUR;
  assert.equal(meanShape([gb, jp]).factor(time), (gb.factor(time) + jp.factor(time)) / 2);
});
