import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSound, reportAsJson, reportAsText } from './report.ts';
import type { Report } from './verify.ts';

const report: Report = {
  shops: ['first'],
  windows: 12,
  surfaces: new Map([
    ['MongoDB', { cells: 900, different: 1, undecided: 0 }],
    ['query API', { cells: 800, different: 0, undecided: 3 }],
  ]),
  differences: [
    {
      surface: 'MongoDB',
      shop: 'first',
      metric: 'gross_sales',
      dimension: 'country',
      value: 'JP',
      resolution: '1m',
      window: '2026-01-01T10:00:00.000Z',
      expected: 1.1,
      shown: 3.3,
    },
  ],
  fates: [{ fate: 'processed', expected: 9, shown: 9, matches: true }],
  otherShops: [],
};
const sound: Report = {
  ...report,
  surfaces: new Map([['MongoDB', { cells: 900, different: 0, undecided: 0 }]]),
  differences: [],
};

test('what differs makes a report unsound, and so does a surface that shows nothing', () => {
  assert.equal(isSound(report), false);
  assert.equal(isSound(sound), true);
  const nothing = { cells: 0, different: 0, undecided: 0 };
  assert.equal(isSound({ ...sound, surfaces: new Map([['MongoDB', nothing]]) }), false);
  const fates = [{ fate: 'processed' as const, expected: 9, shown: 8, matches: false }];
  assert.equal(isSound({ ...sound, fates }), false);
});

test('people read each difference with its place, and programs the same', () => {
  assert.deepEqual(reportAsText(report), [
    '1700 cells compared in 12 windows, 1 different',
    '  MongoDB       900 cells, 1 different',
    '  query API     800 cells, 0 different, 3 of them to a range, as visits may have ended meanwhile',
    '  MongoDB: first gross_sales by country=JP, 1m 2026-01-01T10:00:00.000Z: expected 1.1, shown 3.3, difference 2.2',
    '1 fates compared, 0 different',
  ]);
  const json = JSON.parse(reportAsJson(report)) as {
    sound: boolean;
    differences: object[];
    surfaces: object;
  };
  assert.equal(json.sound, false);
  assert.deepEqual(json.differences, report.differences);
  assert.deepEqual(json.surfaces, Object.fromEntries(report.surfaces));
});
