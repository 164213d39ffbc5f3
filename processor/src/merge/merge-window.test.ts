import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aggregators, catalog, type StoredCells, zoneCalendar } from '@storepulse/contracts';
import { compilePlan } from '../aggregate/plan.ts';
import { NOON, SHOP } from '../testing/events.ts';
import { mergeWindow } from './merge-window.ts';

const { groups } = compilePlan(catalog);

/** What a window of a group shows of the shares of some tasks. */
function merged(group: string, ...shares: readonly StoredCells[]): StoredCells {
  const window = `${SHOP.shop}|${group}|narrow|10s|${NOON}|0`;
  return mergeWindow({
    ...{ window, stored: undefined, watermark: null, latenessMs: 0, now: NOON },
    partials: shares.map((cells) => ({ seq: 1, cells })),
    group: groups.find(({ name }) => name === group)!,
    calendar: zoneCalendar(SHOP.timeZone),
  }).cells;
}

test('shares add up by dimension, value and metric, and stay as they are', () => {
  const shares = [
    { total: { all: { orders: 2, units: 5 } }, country: { France: { orders: 2 } } },
    { total: { all: { orders: 3 } }, country: { France: { orders: 1 }, Norway: { orders: 2 } } },
  ];
  const before = structuredClone(shares);
  assert.deepEqual(merged('sales', ...shares), {
    total: { all: { orders: 5, units: 5 } },
    country: { France: { orders: 3 }, Norway: { orders: 2 } },
  });
  assert.deepEqual(shares, before);
});

test('sketches of several tasks become one', () => {
  const { distinct } = aggregators;
  const of = (...ids: string[]) => ({
    total: { all: { customers: distinct.encode(ids.reduce(distinct.add, distinct.zero())) } },
  });
  assert.deepEqual(merged('audience', of('a', 'b'), of('b', 'c')), of('a', 'b', 'c'));
});

test('a sketch of hundreds of tasks is written once', ({ mock }) => {
  const { distinct } = aggregators;
  const of = (...ids: string[]) => ({
    total: { all: { customers: distinct.encode(ids.reduce(distinct.add, distinct.zero())) } },
  });
  const ids = Array.from({ length: 200 }, (_, n) => `customer ${n}`);
  const [shares, expected] = [ids.map((id) => of(id)), of(...ids)];
  const encode = mock.method(distinct, 'encode');
  assert.deepEqual(merged('audience', ...shares), expected);
  assert.equal(encode.mock.callCount(), 1);
});

test('a value that is called as what every object has is a value like any other', () => {
  const share = { category: { constructor: { units: 1 }, toString: { units: 2 } } } as StoredCells;
  assert.deepEqual(merged('sales', share, share), {
    category: { constructor: { units: 2 }, toString: { units: 4 } },
  });
});

test('a metric that the group has no more is left out', () => {
  const share = { total: { all: { orders: 1, forgotten: 1 } } };
  assert.deepEqual(merged('sales', share, share), { total: { all: { orders: 2 } } });
});
